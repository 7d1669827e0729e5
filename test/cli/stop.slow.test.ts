import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, spawnCli } from './cli.ts';
import { handlerOf, project, twoSteps } from './project.ts';
import { onlyRun } from './redrive-project.ts';
import { deployed, second } from './remote-project.ts';

const input = '{"day":"2026-01-31","count":1}';
const endless = '  await new Promise((resolve) => setTimeout(resolve, 600_000));\n  return {};';

test('stop ends a run that another process works on, with the reason, and resume continues it', async () => {
  const root = await project({ ...twoSteps, [second]: handlerOf(endless) });
  const working = spawnCli(['run', 'demo', '--json', '--input', input], { cwd: root });
  await working.said('second attempt 1 started');
  const run = await onlyRun(root);
  const resume = `npx daybreak resume demo ${run}`;

  const stopped = await spawnCli(['stop', 'demo', run, '--reason', 'wrong day', '--json'], { cwd: root }).exited;
  expect(stopped.code).toBe(0);
  expect(stopped.json()).toMatchObject({
    run_id: run,
    status: 'ABORTED',
    stopped: true,
    recorded: true,
    resume,
    failure: { error: 'Aborted', cause: 'wrong day' },
    steps: { first: { outcome: 'succeeded' }, second: { outcome: 'pending' } },
    dead_letters: [{ step: '_execution', failure: { cause: 'wrong day' } }],
  });
  const ended = await working.exited;
  expect(ended.code).toBe(130);
  expect(ended.json()).toMatchObject({ status: 'ABORTED', failure: { cause: 'wrong day' } });
  const events = readFileSync(join(root, '.daybreak/store/.store/events/demo', `${run}.jsonl`), 'utf8');
  expect(events.match(/"type":"run\.stopped"/g)).toHaveLength(1);

  const again = await cli(['stop', 'demo', run], { cwd: root });
  expect(again.code).toBe(0);
  expect(again.stdout).toContain(`demo run ${run} ABORTED: it had ended before; nothing was changed`);
  expect(again.stdout).toContain(resume);
  expect((await cli(['stop', 'demo', run, '--json'], { cwd: root })).json()).toMatchObject({
    stopped: false,
    execution: 1,
  });

  await writeFile(join(root, second), twoSteps[second]);
  expect((await cli(['resume', 'demo', run, '--json'], { cwd: root })).json()).toMatchObject({
    status: 'SUCCEEDED',
    execution: 2,
    steps: { first: { outcome: 'reused' }, second: { outcome: 'succeeded' } },
  });
  const late = await cli(['stop', 'demo', run, '--json'], { cwd: root });
  expect(late.code).toBe(0);
  expect(late.json()).toMatchObject({ status: 'SUCCEEDED', stopped: false, resume: null, execution: 2 });
  const unknown = await cli(['stop', 'demo', `${run}0`], { cwd: root });
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining(`did you mean "${run}"?`) });
});

test('stop --stack calls StopExecution and waits until Reconcile has recorded the end', async () => {
  const { aws, json, run } = await deployed({ [second]: handlerOf(endless) });
  await json('start', 'demo', '--input', input, '--name', 'night-1');
  await expect
    .poll(async () => (await json('status', 'demo', 'night-1')).document.steps, { timeout: 240_000 })
    .toMatchObject({ first: { outcome: 'succeeded' } });

  expect(await json('stop', 'demo', 'night-1', '--reason', 'wrong day')).toMatchObject({
    code: 0,
    document: {
      status: 'ABORTED',
      stopped: true,
      recorded: true,
      failure: { error: 'Aborted', cause: 'wrong day' },
      dead_letters: [{ step: '_execution' }],
      resume: 'npx daybreak resume demo night-1 --stack daybreak-demo',
    },
  });
  const again = await run('stop', 'demo', 'night-1');
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('it had ended before; nothing was changed') });
  expect(aws.stepFunctions.calls.filter((call) => call === 'StopExecution')).toHaveLength(1);
});
