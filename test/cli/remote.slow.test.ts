import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { handlerOf } from './project.ts';
import { deployed, input, second, stack } from './remote-project.ts';

test('a deployed run is started, followed and resumed with the fix, and its letter closed, given only the stack name', async () => {
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
  expect(text).toContain(`npx daybreak logs demo night-1 second --stack ${stack}`);

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

test('reports a run that another execution holds, a used name, and input that does not fit', async () => {
  const { root, json, run, aws } = await deployed();
  const endless = '  await new Promise((resolve) => setTimeout(resolve, 600_000));\n  return {};';
  await writeFile(join(root, second), handlerOf(endless));
  await aws.deploy();
  await json('start', 'demo', '--input', input, '--name', 'held');
  await expect
    .poll(async () => (await json('status', 'demo', 'held')).document.status, { timeout: 240_000 })
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
