import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bindingsOf } from '../../lib/compiler/bindings.ts';
import { loadPipeline } from '../../lib/compiler/load-pipeline.ts';
import { substitute } from '../../lib/compiler/states/placeholders.ts';
import type { Json } from '../../lib/contract/json.ts';
import { loadMachine } from '../../lib/offline/asl/load-machine.ts';
import { startExecution } from '../../lib/offline/asl/start-execution.ts';
import { FunctionPool, type LocalFunction } from '../../lib/offline/functions/function-pool.ts';
import { localTasks } from '../../lib/offline/host/local-tasks.ts';
import { SystemClock } from '../../lib/ports/system-clock.ts';
import { startServer } from '../ports/aws/fauxqs.ts';
import { StepFunctionsServer } from '../support/step-functions-server.ts';

const template = `
name: deployed
version: 1.0.0
defaults: { retry: { max_attempts: 1 } }
steps:
  - { name: numbers, handler: { callable: numbers } }
  - { name: letters, handler: { callable: letters } }
  - { name: broken, handler: { callable: broken } }
  - { name: pairs, handler: { callable: pairs }, dependencies: [numbers, letters] }
  - { name: sums, handler: { callable: sums, initialization: { times: 2 } }, dependencies: [numbers] }
  - name: totals
    dependencies: [numbers, letters]
    sql:
      file: totals.sql
      params: { below: "{% result.letters.count * 10 %}" }
  - { name: told, handler: { callable: told }, dependencies: [totals] }
  - { name: never, handler: { callable: sums }, dependencies: [letters, broken] }
`;

const query = `SELECT letter, sum(n) AS total
FROM numbers.rows, letters.rows
WHERE n < $below
GROUP BY letter
ORDER BY letter
`;

const handlers = {
  numbers: `await step.write('rows', Array.from({ length: 1000 }, (_, n) => ({ n })), { columns: { n: 'INTEGER' } }); return { count: 1000 };`,
  letters: `await step.write('rows', [...'abc'].map((letter) => ({ letter })), { columns: { letter: 'VARCHAR' } }); return { count: 3 };`,
  broken: `throw new Error('this step always fails');`,
  pairs: `
    const letters = [];
    for await (const batch of step.rows('letters.rows')) letters.push(...batch);
    const pairs = step.writer('rows', { columns: { n: 'INTEGER', letter: 'VARCHAR' } });
    for await (const batch of step.rows('numbers.rows', { batchSize: 100 }))
      await pairs.append(batch.flatMap(({ n }) => letters.map(({ letter }) => ({ n, letter }))));
    return { count: pairs.rowCount };`,
  sums: `
    let sum = 0;
    for await (const batch of step.rows('numbers.rows')) for (const { n } of batch) sum += n;
    return { sum: sum * step.config.times };`,
  told: `
    const rows = [];
    for await (const batch of step.rows('totals.totals')) rows.push(...batch);
    return { rows, counted: step.result('totals').row_count };`,
};

let root: string;
const functions = new StepFunctionsServer();
let server: Awaited<ReturnType<typeof startServer>>;
let pool: FunctionPool | undefined;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'daybreak-deployed-'));
  await mkdir(join(root, 'pipelines'));
  await mkdir(join(root, 'lambdas/steps/deployed'), { recursive: true });
  await writeFile(join(root, 'pipelines/deployed.yaml'), template);
  await writeFile(join(root, 'pipelines/totals.sql'), query);
  for (const [name, body] of Object.entries(handlers))
    await writeFile(
      join(root, `lambdas/steps/deployed/${name}.ts`),
      `import { defineStep } from 'daybreak';\nexport const handler = defineStep(async (step) => {${body}});\n`,
    );
  server = await startServer();
});

afterAll(async () => {
  await pool?.close();
  await functions.stop();
  await server.stop();
  await rm(root, { recursive: true });
});

describe('the deployed path', () => {
  test('functions with only their bindings run the compiled machine against endpoints of S3, SQS and Step Functions', async () => {
    const loaded = await loadPipeline(join(root, 'pipelines/deployed.yaml'), {
      root,
      environment: null,
      allowMissingHandlers: false,
    });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.diagnostics));
    const bucket = server.bucket();
    const queueUrl = server.queue();
    const endpoints = {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL: server.address,
      AWS_ENDPOINT_URL_SFN: await functions.start(),
    };
    const names: Record<string, string> = { Bucket: bucket, DeadLetterQueueUrl: queueUrl };
    const sources = new Map<string, LocalFunction>();
    for (const [name, binding] of Object.entries(bindingsOf(loaded.machine, root))) {
      if (binding.kind !== 'function') continue;
      names[name] = name;
      const environment = JSON.parse(
        substitute(JSON.stringify(binding.environment), {
          Bucket: bucket,
          DeadLetterQueueUrl: queueUrl,
        }),
      ) as Record<string, string>;
      sources.set(name, {
        entry: binding.entry,
        export: binding.export,
        timeoutSeconds: binding.timeout_seconds,
        memoryMb: binding.memory_mb,
        environment: { ...environment, ...endpoints },
      });
    }
    pool = new FunctionPool({
      functions: sources,
      logOf: (name) => ({ file: join(root, 'logs', `${name}.log`) }),
      redact: (text) => text,
      answerToken: () => false,
    });
    const definition = JSON.parse(substitute(JSON.stringify(loaded.machine.definition), names)) as Json;
    const execution = startExecution(loadMachine(definition), {
      arn: 'arn:aws:states:us-east-1:000000000000:execution:deployed:first',
      name: 'first',
      input: {},
      clock: new SystemClock(),
      random: Math.random,
      runTask: localTasks((name, event, { signal }) => (pool as FunctionPool).invoke(name, event, signal)),
    });
    functions.execution = execution;
    const result = await execution.result;

    const logs = await readFile(join(root, 'logs/Steps1024Mb900SFunction.log'), 'utf8').catch(() => '');
    expect(result.error, logs).toBe('PipelineFailed');
    const objects = await server.s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    const keys = (objects.Contents ?? []).map(({ Key }) => Key ?? '');
    const read = async (key: string) => {
      const found = await server.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return JSON.parse((await found.Body?.transformToString()) ?? 'null') as Record<string, Json>;
    };
    const outcomes = Object.fromEntries(
      await Promise.all(
        keys
          .filter((key) => key.includes('/executions/1/outcomes/'))
          .map(async (key) => [key.split('/').at(-1)?.replace('.json', ''), (await read(key)).outcome]),
      ),
    );
    expect(outcomes).toEqual({
      numbers: 'succeeded',
      letters: 'succeeded',
      broken: 'failed',
      pairs: 'succeeded',
      sums: 'succeeded',
      totals: 'succeeded',
      told: 'succeeded',
      never: 'blocked',
    });
    const results = await Promise.all(
      ['pairs', 'sums', 'told'].map(async (step) => {
        const key = keys.find((one) => one.includes(`/steps/${step}/manifests/`)) ?? '';
        return (await read(key)).result;
      }),
    );
    const rows = ['a', 'b', 'c'].map((letter) => ({ letter, total: 435 }));
    expect(results).toEqual([{ count: 3000 }, { sum: 999 * 1000 }, { rows, counted: 3 }]);
    expect(functions.calls).toContain('SendTaskSuccess');
    const { Messages: messages = [] } = await server.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
    );
    expect(messages.map(({ Body }) => JSON.parse(Body ?? '{}').id)).toEqual(['deployed/first/1/broken']);
  });
});
