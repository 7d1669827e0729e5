import { expect, test } from 'vitest';
import { spawnCli } from './cli.ts';
import { pipelineThat, quickRun, workingRun } from './overlap-project.ts';
import { project } from './project.ts';

test('with queue a second run reports which run it waits for', async () => {
  const cwd = await project(pipelineThat('queue'));
  const working = await workingRun(cwd);
  const queued = spawnCli(['run', 'demo'], { cwd });
  await queued.said('queued: run ');
  queued.child.kill('SIGKILL');
  await Promise.all([queued.exited, working.kill()]);
});

test('with allow both runs work', async () => {
  const cwd = await project(pipelineThat('allow'));
  const working = await workingRun(cwd);
  expect((await quickRun(cwd)).code).toBe(0);
  await working.kill();
});
