import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deployPipeline } from '../support/deployed-pipeline.ts';
import { cli, spawnCli } from './cli.ts';
import { handlerOf, project, twoSteps } from './project.ts';

const stack = 'daybreak-demo';
const input = '{"day":"2026-01-31","count":1}';
const second = 'lambdas/steps/demo/second.ts';
const files = { ...twoSteps, [second]: handlerOf("  throw new Error('no luck');") };
const fixed = handlerOf('  return { seen: step.result("first") };');

const deployed = async () => {
  const root = await project(files);
  const aws = await deployPipeline(root, 'demo', stack);
  const run = (...args: string[]) => spawnCli([...args, '--stack', stack], { cwd: root, env: aws.env }).exited;
  const json = async (...args: string[]) => {
    const ran = await run(...args, '--json');
    return { code: ran.code, document: ran.json(), stderr: ran.stderr };
  };
  const messages = async (): Promise<string[]> => {
    const found = await aws.queue.receive(10, 60);
    for (const { receipt } of found) await aws.queue.release(receipt);
    return found.map(({ body }) => body);
  };
  const fix = async () => {
    await writeFile(join(root, second), fixed);
    await aws.deploy();
  };
  return { root, aws, run, json, messages, fix };
};

test('a deployed run is started, followed, resumed with the fix, and its letter closed, with nothing but the name of the stack', async () => {
  const { aws, run, json, messages, fix } = await deployed();

  const started = await json('start', 'demo', '--input', input, '--name', 'night-1');
  expect(started).toMatchObject({
    code: 0,
    document: { pipeline: 'demo', run_id: 'night-1', execution_arn: expect.stringMatching(/:execution:demo:night-1$/) },
  });
  const followed = await json('status', 'demo', 'night-1', '--watch');
  expect(followed).toMatchObject({
    code: 1,
    document: {
      run_id: 'night-1',
      status: 'FAILED',
      execution: 1,
      steps: { first: { outcome: 'succeeded' }, second: { outcome: 'failed' } },
      store: `s3://${aws.bucket}`,
      exit: { code: 1, status: 'FAILED' },
    },
  });
  expect(followed.stderr).toContain('second failed');
  expect((await json('dlq', 'list', 'demo')).document.dead_letters).toMatchObject([
    { id: 'demo/night-1/1/second', open: true },
  ]);
  const text = (await run('status', 'demo', 'night-1')).stdout;
  expect(text).toContain(`npx daybreak dlq show demo night-1/1/second --stack ${stack}`);

  await fix();
  const planned = await json('resume', 'demo', 'night-1', '--dry-run');
  expect(planned.document.decisions).toMatchObject({ first: { decision: 'reuse' }, second: { decision: 'run' } });
  const resumed = await json('resume', 'demo', 'night-1');
  expect(resumed).toMatchObject({
    code: 0,
    document: {
      status: 'SUCCEEDED',
      execution: 2,
      steps: {
        first: { outcome: 'reused' },
        second: { outcome: 'succeeded', result: { seen: { day: '2026-01-31' } } },
      },
    },
  });
  expect((await json('dlq', 'list', 'demo')).document.dead_letters).toEqual([]);

  expect(await messages()).toHaveLength(1);
  expect((await json('dlq', 'redrive', 'demo', '--all')).document).toMatchObject({
    runs: [],
    queue: { deleted: 1, kept: 0, sent_again: [], not_understood: [] },
  });
  expect(await messages()).toEqual([]);
});

test('letters are redriven on AWS: each run once, messages of open letters stay, lost ones are sent again', async () => {
  const { aws, json, messages, fix } = await deployed();
  for (const name of ['one', 'two']) await json('start', 'demo', '--input', input, '--name', name, '--watch');
  const letters = ['demo/one/1/second', 'demo/two/1/second'];
  expect((await messages()).map((body) => JSON.parse(body).id).sort()).toEqual(letters);
  await aws.queue.send('what is this?');
  const [lost] = await aws.queue.receive(1, 60);
  await aws.queue.delete(lost?.receipt ?? '');

  const tried = await json('dlq', 'redrive', 'demo', 'one/1/second');
  expect(tried).toMatchObject({
    code: 1,
    document: {
      runs: [{ run_id: 'one', result: 'resumed', status: 'FAILED', execution: 2, open: ['demo/one/2/second'] }],
      queue: { not_understood: [{ reason: 'it is not JSON', body: 'what is this?' }] },
    },
  });
  const kept = (await messages()).filter((body) => body.startsWith('{')).map((body) => JSON.parse(body).id);
  expect(kept.sort()).toEqual(['demo/one/2/second', letters[1]]);

  await fix();
  const done = await json('dlq', 'redrive', 'demo', '--all');
  expect(done).toMatchObject({
    code: 0,
    document: {
      runs: [
        { run_id: 'two', result: 'resumed', status: 'SUCCEEDED', execution: 2, open: [] },
        { run_id: 'one', result: 'resumed', status: 'SUCCEEDED', execution: 3, open: [] },
      ],
      queue: { deleted: 2, kept: 1 },
    },
  });
  expect(await messages()).toEqual(['what is this?']);
});

test('a run that is held elsewhere, a name that is used, and input that does not fit are said', async () => {
  const { root, json, run, aws } = await deployed();
  const endless = '  await new Promise((resolve) => setTimeout(resolve, 600_000));\n  return {};';
  await writeFile(join(root, second), handlerOf(endless));
  await aws.deploy();
  await json('start', 'demo', '--input', input, '--name', 'held');
  await expect
    .poll(async () => (await json('status', 'demo', 'held')).document.status, { timeout: 20_000 })
    .toBe('RUNNING');
  expect(await json('resume', 'demo', 'held')).toMatchObject({ code: 1, document: { error: { code: 'RUN_REFUSED' } } });
  expect((await json('start', 'demo', '--input', '{}', '--name', 'held')).document.error).toMatchObject({
    code: 'RUN_REFUSED',
    message: expect.stringContaining('started before'),
  });
  const wrong = await run('start', 'demo', '--input', '{"day":"soon"}', '--watch');
  expect(wrong.code).toBe(1);
  expect(wrong.stdout + wrong.stderr).toContain('/day');
});

test('a stack that is not there, is not a pipeline, or is of another one is told, and nothing is guessed', async () => {
  const { root, aws } = await deployed();
  aws.stacks['daybreak-shared'] = { outputs: { StoreBucketName: 'b', AlarmTopichigh: 'arn' } };
  aws.stacks['daybreak-other'] = { outputs: aws.stacks[stack]?.outputs ?? {}, tags: { 'daybreak:pipeline': 'other' } };
  const said = async (...args: string[]) => (await cli(args, { cwd: root, env: aws.env })).stderr;
  process.env.AWS_ACCESS_KEY_ID ??= 'test';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'test';
  expect(await said('status', 'demo', '--stack', 'gone')).toBe('error: there is no stack "gone" in us-east-1\n');
  expect(await said('status', 'demo', '--stack', 'daybreak-shared')).toBe(
    'error: stack "daybreak-shared" is not the stack of a pipeline: it has no output StateMachineArn, DeadLetterQueueUrl; its outputs are: AlarmTopichigh, StoreBucketName\n',
  );
  expect(await said('start', 'demo', '--stack', 'daybreak-other')).toBe(
    'error: stack "daybreak-other" is of pipeline "other", not of "demo"\n',
  );
  expect(await said('status', 'demo', '--stack', stack, '--store', 'x')).toContain('give one of them');
  expect(await said('start', 'demo')).toContain('start needs --stack');
  const { AWS_REGION: _, ...nowhere } = aws.env;
  expect((await cli(['status', 'demo', '--stack', stack], { cwd: root, env: nowhere })).stderr).toContain(
    '--stack: AWS_REGION is not set',
  );
});
