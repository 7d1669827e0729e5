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

test('with skip a second run is refused with the name of the running one, until that one ends or is killed', async () => {
  const cwd = await project(pipelineThat('skip'));
  const working = await workingRun(cwd);
  const second = await quickRun(cwd);
  expect(second.code).toBe(1);
  expect(second.json().error).toMatchObject({
    code: 'RUN_REFUSED',
    message: expect.stringMatching(/^run \S+ is active since \S+ \(arn:\S+:demo:\S+\); one run at a time$/),
  });
  await working.kill();
  expect((await quickRun(cwd)).code).toBe(0);
});
