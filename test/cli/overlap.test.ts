import { expect, test } from 'vitest';
import { pipelineThat, quickRun, workingRun } from './overlap-project.ts';
import { project } from './project.ts';

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
