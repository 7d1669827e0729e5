import { expect, test } from 'vitest';
import type { Incident } from '../../lib/contract/records/incident.ts';
import { cli } from './cli.ts';
import { files, fix, runFailing } from './dlq-project.ts';
import { project } from './project.ts';

const incidentsIn = async (root: string): Promise<Incident[]> =>
  (await cli(['incidents', 'list', '--json'], { cwd: root })).json().incidents as Incident[];

test('a failed run opens an incident, a person takes it, the run that succeeds ends it, and its story has all of that', async () => {
  const root = await project(files);
  const where = { cwd: root, env: { USER: 'ada' } };
  expect((await cli(['incidents', 'list'], where)).stdout).toMatch(/^no pipeline has an incident in file:/);
  expect((await cli(['incidents', 'show', 'demo'], where)).stderr).toContain('demo has no incident in file:');
  const run = await runFailing(root);
  expect(await incidentsIn(root)).toMatchObject([
    { id: 'demo-1', status: 'open', failures: 1, causes: [{ step: 'second' }], executions: [`${run}/1`] },
  ]);
  expect((await cli(['incidents', 'list'], where)).stdout).toContain('npx daybreak incidents show demo 1');

  expect((await cli(['incidents', 'ack', 'demo', '7'], where)).stderr).toContain('there is no incident "7" of demo');
  const taken = await cli(['incidents', 'ack', 'demo', '1', '--note', 'looking'], where);
  expect(taken.stdout).toBe('incident demo-1 is taken by ada\n');
  expect((await cli(['incidents', 'resolve', 'demo', '1'], where)).stderr).toContain('needs --reason <text>');

  await fix(root);
  expect((await cli(['resume', 'demo', run], where)).code).toBe(0);
  expect(await incidentsIn(root)).toMatchObject([{ id: 'demo-1', status: 'resolved' }]);
  const { stdout } = await cli(['incidents', 'show', 'demo'], where);
  expect(stdout).toMatch(/opened .*hear of it.*second failed/);
  expect(stdout).toMatch(/acknowledged +ada took it: looking/);
  expect(stdout).toMatch(new RegExp(`resolved +hear of it +run ${run} succeeded`));
  const late = await cli(['incidents', 'resolve', 'demo', '1', '--reason', 'x'], where);
  expect(late.stdout).toBe('incident demo-1 had ended before; nothing was changed\n');
});
