import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { errorNames } from '../../lib/contract/error-names.ts';
import { FolderDeadLetterQueue } from '../../lib/ports/folder-dead-letter-queue.ts';
import { FolderExecutions, recordExecution } from '../../lib/ports/folder-executions.ts';
import { FolderObjectStore } from '../../lib/ports/folder-object-store.ts';
import { localExecutionsFolder, portsFromEnvironment } from '../../lib/ports/from-environment.ts';
import { IpcTaskTokens } from '../../lib/ports/ipc-task-tokens.ts';
import { S3ObjectStore } from '../../lib/ports/s3-object-store.ts';
import { SfnExecutions } from '../../lib/ports/sfn-executions.ts';
import { SfnTaskTokens } from '../../lib/ports/sfn-task-tokens.ts';
import { SqsDeadLetterQueue } from '../../lib/ports/sqs-dead-letter-queue.ts';
import { startServer } from './fauxqs.ts';
import { keysOf } from './object-store.conformance.ts';

const server = await startServer();
afterAll(() => server.stop());
const folder = mkdtempSync(join(tmpdir(), 'daybreak-ports-'));
const url = pathToFileURL(folder).href;

it('a folder store comes with the engine on this machine', async () => {
  const ports = await portsFromEnvironment({ DAYBREAK_STORE: url });
  expect(ports.store).toBeInstanceOf(FolderObjectStore);
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

it('an S3 store comes with Step Functions and SQS, and they honour AWS_ENDPOINT_URL', async () => {
  const bucket = server.bucket();
  const ports = await portsFromEnvironment({
    DAYBREAK_STORE: `s3://${bucket}`,
    DAYBREAK_QUEUE_URL: server.queue(),
    AWS_ENDPOINT_URL: server.address,
    AWS_REGION: 'us-east-1',
  });
  expect(ports.store).toBeInstanceOf(S3ObjectStore);
  expect(ports.tokens).toBeInstanceOf(SfnTaskTokens);
  expect(ports.executions).toBeInstanceOf(SfnExecutions);
  expect(ports.queue).toBeInstanceOf(SqsDeadLetterQueue);
  process.env.AWS_ACCESS_KEY_ID ??= 'test';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'test';
  await ports.store.put('k', 'x');
  expect(await keysOf(ports.store, '')).toEqual(['k']);
  await ports.queue?.send('message');
  expect((await ports.queue?.receive(1, 1))?.map(({ body }) => body)).toEqual(['message']);
});

it.each([
  [{}, 'DAYBREAK_STORE is not set'],
  [{ DAYBREAK_STORE: '/tmp/x' }, '"/tmp/x" is not a store: s3://<bucket> or file:///<folder> is needed'],
  [{ DAYBREAK_STORE: 's3://bucket/prefix' }, 'is not a store'],
  [{ DAYBREAK_STORE: 's3://bucket' }, 'AWS_REGION is not set'],
  [{ DAYBREAK_STORE: url, DAYBREAK_QUEUE_URL: 'queue' }, '"queue" is not a queue'],
])('%j is refused: %s', async (env, message) => {
  await expect(portsFromEnvironment(env)).rejects.toMatchObject({
    name: errorNames.permanent,
    message: expect.stringContaining(message),
  });
});

it('who uses a folder never loads the AWS SDK', () => {
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
