import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli } from './cli.ts';
import { project } from './project.ts';
import { dryRun, files, rowsOf, runIn } from './resume-project.ts';

test('a failed run continues with the fix: the fixed step and the steps that it blocked run, the rest is reused', async () => {
  const root = await project(files);
  const { report } = await runIn(root, ['run', 'demo', '--input', '{"day":1}']);
  expect(report.status).toBe('FAILED');
  const { run_id } = report;
  expect(await dryRun(root, run_id)).toMatchObject({ users: 'run: failed before' });
  await writeFile(join(root, 'lambdas/steps/demo/users.ts'), rowsOf('users', "'users'"));
  const expected = {
    users: 'run: failed before; code changed: users.ts',
    orders: 'reuse: reused',
    join: 'run: blocked before by users',
    report: 'run: blocked before by users',
  };
  expect(await dryRun(root, run_id)).toEqual(expected);

  const { stdout, code } = await cli(['resume', 'demo', run_id], { cwd: root });
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^demo run ${run_id}: 1 reused, 3 run\n\n +step +decision +reason\n`));
  expect(stdout).toMatch(/users +run +failed before; code changed: users\.ts\n/);
  expect(stdout).toMatch(/demo SUCCEEDED in .*\n +run .*, execution 2\n/);
  expect(stdout).toMatch(/orders +↺ reused/);
});

const oneStep = 'name: demo\nversion: 1.0.0\nsteps:\n  - { name: orders, handler: orders }\n';

test('unknown runs and steps are usage errors, with suggestions', async () => {
  const root = await project({ ...files, 'pipelines/demo.yaml': oneStep });
  const run = (await runIn(root, ['run', 'demo'])).report.run_id;
  for (const [args, message] of [
    [['resume', 'demo', `${run}x`], `pipeline "demo" has no run "${run}x"; did you mean "${run}"?`],
    [['resume', 'demo', '../x'], 'pipeline "demo" has no run "../x"'],
    [['resume', 'demo', run, '--from', 'odrers'], 'pipeline "demo" has no step "odrers"; did you mean "orders"?'],
    [['resume', 'dmeo', run], 'there is no pipeline "dmeo"; did you mean "demo"?'],
    [['resume', 'demo'], "missing required argument 'run'"],
  ] as const) {
    const { code, stderr } = await cli(args, { cwd: root });
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  }
});
