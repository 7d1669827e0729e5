import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { errorNames } from '../../lib/contract/error-names.ts';
import { S3ObjectStore } from '../../lib/ports/aws/s3-object-store.ts';
import { SqsDeadLetterQueue } from '../../lib/ports/aws/sqs-dead-letter-queue.ts';
import { BorrowingStore } from '../../lib/ports/borrowing-store.ts';
import { FolderDeadLetterQueue } from '../../lib/ports/folder/folder-dead-letter-queue.ts';
import { FolderExecutions, recordExecution } from '../../lib/ports/folder/folder-executions.ts';
import { IpcTaskTokens } from '../../lib/ports/folder/ipc-task-tokens.ts';
import { localExecutionsFolder, portsFromEnvironment } from '../../lib/ports/from-environment.ts';
import { startServer } from './aws/fauxqs.ts';
import { keysOf } from './object-store.conformance.ts';

const server = await startServer();
afterAll(() => server.stop());
process.env.AWS_ACCESS_KEY_ID ??= 'test';
process.env.AWS_SECRET_ACCESS_KEY ??= 'test';
const folder = mkdtempSync(join(tmpdir(), 'daybreak-ports-'));
const url = pathToFileURL(folder).href;

test("a folder store comes with the offline engine's ports", async () => {
  const ports = await portsFromEnvironment({ DAYBREAK_STORE: url });
  expect(ports.store).toBeInstanceOf(BorrowingStore);
  expect(ports.store.url).toBe(url);
  expect(ports.tokens).toBeInstanceOf(IpcTaskTokens);
  expect(ports.executions).toBeInstanceOf(FolderExecutions);
  expect(ports).not.toHaveProperty('queue');
  await recordExecution(localExecutionsFolder(url), 'arn', { status: 'SUCCEEDED', pid: process.pid });
  expect(await ports.executions.status('arn')).toBe('SUCCEEDED');
  expect(await keysOf(ports.store, '')).toEqual([]);
  const withQueue = await portsFromEnvironment({ DAYBREAK_STORE: url, DAYBREAK_QUEUE_URL: `${url}/queue` });
  expect(withQueue.queue).toBeInstanceOf(FolderDeadLetterQueue);
});

test('an S3 store comes with Step Functions and SQS, and they honour AWS_ENDPOINT_URL', async () => {
  const bucket = server.bucket();
  const ports = await portsFromEnvironment({
    DAYBREAK_STORE: `s3://${bucket}`,
    DAYBREAK_QUEUE_URL: server.queue(),
    AWS_ENDPOINT_URL: server.address,
    AWS_REGION: 'us-east-1',
  });
  expect(ports.store).toBeInstanceOf(S3ObjectStore);
  expect(ports.queue).toBeInstanceOf(SqsDeadLetterQueue);
  await ports.store.put('k', 'x');
  expect(await keysOf(ports.store, '')).toEqual(['k']);
  await ports.queue?.send('message');
  expect((await ports.queue?.receive(1, 1))?.map(({ body }) => body)).toEqual(['message']);
});

test('Step Functions also honours AWS_ENDPOINT_URL', async () => {
  const asked: unknown[] = [];
  const stepFunctions = createServer((request, response) => {
    asked.push(request.headers['x-amz-target']);
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{"status":"RUNNING"}');
  });
  await new Promise<void>((resolve) => stepFunctions.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void stepFunctions.close());
  const { port } = stepFunctions.address() as AddressInfo;
  const { tokens, executions } = await portsFromEnvironment({
    DAYBREAK_STORE: 's3://bucket',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_REGION: 'us-east-1',
  });
  expect(await tokens.succeed('token', '{}')).toBe('delivered');
  expect(await executions.status('arn')).toBe('RUNNING');
  expect(asked).toEqual(['AWSStepFunctions.SendTaskSuccess', 'AWSStepFunctions.DescribeExecution']);
});

test.each([
  [{}, 'DAYBREAK_STORE is not set'],
  [
    { DAYBREAK_STORE: '/tmp/x' },
    '"/tmp/x" is not a store: s3://<bucket>, s3://<bucket>/<prefix> or file:///<folder> is needed',
  ],
  [{ DAYBREAK_STORE: 's3://Bucket/prefix' }, 'is not a store'],
  [{ DAYBREAK_STORE: 's3://bucket/a//b', AWS_REGION: 'us-east-1' }, 'it has an empty segment'],
  [{ DAYBREAK_STORE: 's3://bucket' }, 'AWS_REGION is not set'],
  [{ DAYBREAK_STORE: url, DAYBREAK_QUEUE_URL: 'queue' }, '"queue" is not a queue'],
])('%j is refused: %s', async (env, message) => {
  await expect(portsFromEnvironment(env)).rejects.toMatchObject({
    name: errorNames.permanent,
    message: expect.stringContaining(message),
  });
});

test('a folder store never loads the AWS SDK', () => {
  const program = `
    import { registerHooks } from 'node:module';
    registerHooks({ resolve: (name, context, next) => {
      if (name.startsWith('@aws-sdk')) throw new Error('loaded ' + name);
      return next(name, context);
    } });
    const { portsFromEnvironment } = await import(${JSON.stringify(join(import.meta.dirname, '../../lib/ports/from-environment.ts'))});
    const { store, queue } = await portsFromEnvironment(process.env);
    await store.put('from/child', 'x');
    await queue.send('x');
    process.stdout.write('done');`;
  const env = { ...process.env, DAYBREAK_STORE: url, DAYBREAK_QUEUE_URL: `${url}/queue` };
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', program], { env, encoding: 'utf8' })).toBe(
    'done',
  );
});
