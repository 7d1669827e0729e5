import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunRefusedError } from '../../../lib/operate/runs/run-refused-error.ts';
import { startOn } from '../../../lib/operate/runs/start-run.ts';
import type { StateMachine } from '../../../lib/ports/ports.ts';
import { startCloudFormation } from '../../support/cloudformation-server.ts';
import { StepFunctionsServer } from '../../support/step-functions-server.ts';

const started: [name: string, input: unknown][] = [];
const machine: StateMachine = {
  arn: 'machine',
  start: async (name, input) => {
    if (started.some(([known]) => known === name)) return null;
    started.push([name, JSON.parse(input)]);
    return { arn: `machine:${name}`, started_at: '2026-01-31T01:00:00.000Z' };
  },
  describe: async () => null,
  stop: async () => undefined,
  definition: async () => '{}',
};

test("an execution's name is the run id, and a resumed run keeps its id", async () => {
  expect(await startOn(machine, { name: 'night', input: { day: 1 } })).toEqual({
    run_id: 'night',
    execution_arn: 'machine:night',
    started_at: '2026-01-31T01:00:00.000Z',
  });
  const again = await startOn(machine, { runId: 'night', from: ['first'], after: 1 }, Date.UTC(2026, 0, 31, 2, 3, 4));
  expect(again).toMatchObject({
    run_id: 'night',
    execution_arn: expect.stringMatching(/:2026-01-31-020304-[0-9a-f]{6}$/),
  });
  expect(started.map(([, input]) => input)).toEqual([
    { day: 1 },
    { daybreak: { run_id: 'night', from: ['first'], after: 1 } },
  ]);
});

test.each(['', 'a b', '../x', 'x'.repeat(81)])('the name %j is refused', async (name) => {
  await expect(startOn(machine, { name })).rejects.toThrow(RunRefusedError);
});

test('a name that is already used is refused', async () => {
  await startOn(machine, { name: 'used' });
  await expect(startOn(machine, { name: 'used' })).rejects.toThrow('used was started before');
});

const repository = join(import.meta.dirname, '../../..');
const program = join(import.meta.dirname, 'start-run-process.ts');
const stepFunctions = new StepFunctionsServer();
const arn = 'arn:aws:states:eu-central-1:000000000000:stateMachine:orders';
let cloudFormation: Awaited<ReturnType<typeof startCloudFormation>>;
let sfn: string;

beforeAll(async () => {
  cloudFormation = await startCloudFormation({
    'daybreak-orders': {
      outputs: { StateMachineArn: arn, StoreBucketName: 'a-bucket', DeadLetterQueueUrl: 'https://sqs/queue' },
    },
  });
  const running = { result: new Promise<never>(() => undefined), succeedTask: () => false, failTask: () => false };
  stepFunctions.machine = { arn, definition: '{}', start: () => running };
  sfn = await stepFunctions.start();
});
afterAll(async () => {
  await stepFunctions.stop();
  await cloudFormation.stop();
});

test('the example in docs/remote.md is this program, and starts a run', async () => {
  expect(await readFile(join(repository, 'docs/remote.md'), 'utf8')).toContain(
    `\`\`\`ts\n${await readFile(program, 'utf8')}\`\`\``,
  );
  const env = {
    ...process.env,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SFN: sfn,
    AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.address,
  };
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=daybreak-source', program], { env });
  expect(stdout).toMatch(/^run (\S+) started at \S+Z: arn:aws:states:eu-central-1:000000000000:execution:orders:\1\n$/);
  expect(Object.values(stepFunctions.started)).toEqual([{ day: '2026-01-31' }]);
});
