import { expect, test } from 'vitest';
import { type Ran, spawnCli } from './cli.ts';
import { handlerOf, project } from './project.ts';

const pipelineThat = (overlap: string) => ({
  'pipelines/demo.yaml': `name: demo\noverlap: ${overlap}\nsteps: [{ name: only, handler: only }]\n`,
  // Endless unless the input says otherwise.
  'lambdas/steps/demo/only.ts': handlerOf(
    '  if (!step.input.quick) await new Promise((resolve) => setTimeout(resolve, 600_000));\n  return {};',
  ),
});

/** A run that works until it is killed. */
async function workingRun(cwd: string) {
  const { child, exited, said } = spawnCli(['run', 'demo'], { cwd });
  await said('only attempt 1 started');
  return {
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

const quickRun = (cwd: string): Promise<Ran> =>
  spawnCli(['run', 'demo', '--json', '--input', '{"quick":true}'], { cwd }).exited;

test('with skip a second run is refused with who is going, until that one ends or is killed', async () => {
  const cwd = await project(pipelineThat('skip'));
  const working = await workingRun(cwd);
  const second = await quickRun(cwd);
  expect(second.code).toBe(1);
  expect(second.json().error).toMatchObject({
    code: 'RUN_REFUSED',
    message: expect.stringMatching(/^run \S+ is going since \S+ \(arn:\S+:demo:\S+\); one run at a time$/),
  });
  await working.kill();
  expect((await quickRun(cwd)).code).toBe(0);
  expect((await quickRun(cwd)).code).toBe(0);
});

test('with queue a second run says for whom it waits', async () => {
  const cwd = await project(pipelineThat('queue'));
  const working = await workingRun(cwd);
  const queued = spawnCli(['run', 'demo'], { cwd });
  await queued.said('queued: run ');
  queued.child.kill('SIGKILL');
  await Promise.all([queued.exited, working.kill()]);
});

test('with allow both work', async () => {
  const cwd = await project(pipelineThat('allow'));
  const working = await workingRun(cwd);
  expect((await quickRun(cwd)).code).toBe(0);
  await working.kill();
});
