import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli } from './cli.ts';
import { handlerOf, project } from './project.ts';

const pipeline = (name: string) =>
  `name: ${name}\nversion: 1.0.0\nsteps:\n  - { name: only, handler: { callable: go } }\n`;

const files = {
  'pipelines/one.yaml': pipeline('one'),
  'pipelines/two.yaml': pipeline('two'),
  'lambdas/steps/one/go.ts': handlerOf('  return {};'),
  'lambdas/steps/two/go.ts': handlerOf('  return {};'),
};

interface Listed {
  readonly runs: readonly { readonly run_id: string; readonly status: string; readonly damaged: readonly string[] }[];
}

test('a torn record hides no other run, and is named', async () => {
  const root = await project(files);
  for (const _ of [1, 2]) expect((await cli(['run', 'one'], { cwd: root })).code).toBe(0);
  const [torn = '', whole] = readdirSync(join(root, '.daybreak/store/one/runs')).sort();
  writeFileSync(join(root, '.daybreak/store/one/runs', torn, 'executions/1.json'), '');
  const { runs } = (await cli(['status', 'one', '--json'], { cwd: root })).json() as unknown as Listed;
  expect(runs.map(({ run_id }) => run_id).sort()).toEqual([torn, whole]);
  expect(runs.find(({ run_id }) => run_id === torn)?.damaged).toEqual([`one/runs/${torn}/executions/1.json`]);
  const { code, stdout } = await cli(['status', 'one'], { cwd: root });
  expect(code).toBe(0);
  expect(stdout).toContain(`a record cannot be read: one/runs/${torn}/executions/1.json`);
  const shown = await cli(['status', 'one', torn, '--json'], { cwd: root });
  expect(shown.json().error).toMatchObject({ code: 'DAMAGED_RECORD', message: expect.stringContaining('its 0 bytes') });
});

test('a torn status record of an execution stops no command of any pipeline', async () => {
  const root = await project(files);
  expect((await cli(['run', 'one'], { cwd: root })).code).toBe(0);
  const folder = join(root, '.daybreak/store/.store/executions');
  const [record = ''] = readdirSync(folder).filter((name) => name.endsWith('.json'));
  writeFileSync(join(folder, record), '{"arn":');
  for (const args of [
    ['status', 'one'],
    ['status', 'two'],
    ['run', 'two'],
    ['run', 'one'],
    ['dlq', 'list', 'two'],
  ])
    expect((await cli(args, { cwd: root })).code).toBe(0);
});
