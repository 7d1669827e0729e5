import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli } from './cli.ts';
import { project } from './project.ts';
import { edit, files, outcomesOf, rowsOf, runIn } from './resume-project.ts';

const users = 'lambdas/steps/demo/users.ts';
const whole = { ...files, [users]: rowsOf('users', "'users'") };

test('only the named steps run, on the results of the last run that has them; a run without them is passed over', async () => {
  const root = await project(whole);
  const first = (await runIn(root, ['run', 'demo'])).report.run_id;
  await edit(root, users, "return 'users'", "throw new Error('the CRM is down')");
  const second = await runIn(root, ['run', 'demo']);
  expect(second.report.status).toBe('FAILED');
  const history = await readFile(join(root, '.daybreak/store/demo/history.json'), 'utf8');
  const incidents = await runIn(root, ['incidents', 'list', 'demo']);

  // The code of `users` is another one now. A person who names `join` wants the results as they were.
  const { stdout, code } = await cli(['run', 'demo', '--only', 'join'], { cwd: root });
  expect([code, stdout]).toEqual([
    0,
    expect.stringContaining(`demo: only join; orders, users from run ${first}; 1 step left out\n`),
  ]);
  const only = /run (only-\S+),/.exec(stdout)?.[1] ?? '';
  const { report } = await runIn(root, ['status', 'demo', only]);
  expect(outcomesOf(report)).toEqual({ users: 'reused', orders: 'reused', join: 'succeeded', report: 'skipped' });
  expect(report).toMatchObject({ status: 'SUCCEEDED', trial: { of: first, only: ['join'] } });
  expect(stdout).toContain(`only join, with results of run ${first}; it counts for nothing else`);
  const { report: head } = await runIn(root, ['head', 'demo', only, 'join.rows']);
  expect(head).toMatchObject({ rows: [{ made_by: '"users"' }] });
  // A part counts for nothing: neither for estimates, nor as the success that ends the incident.
  expect(await readFile(join(root, '.daybreak/store/demo/history.json'), 'utf8')).toBe(history);
  expect((await runIn(root, ['incidents', 'list', 'demo'])).stdout).toBe(incidents.stdout);
  expect(incidents.stdout).toContain('"resolved_by": null');

  // A resume keeps the restriction.
  const planned = await runIn(root, ['resume', 'demo', only, '--dry-run', '--from', 'join']);
  expect(planned.report.decisions).toEqual({
    users: { decision: 'reuse', reason: `taken from run ${first}` },
    orders: { decision: 'reuse', reason: `taken from run ${first}` },
    join: { decision: 'run', reason: 'asked for with --from' },
    report: { decision: 'leave_out', reason: 'not asked for with --only' },
  });
  const resumed = await runIn(root, ['resume', 'demo', only, '--from', 'join']);
  expect(outcomesOf(resumed.report)).toEqual({
    users: 'reused',
    orders: 'reused',
    join: 'succeeded',
    report: 'skipped',
  });
});

test('a run without its upstream is refused, and says which result is missing where', async () => {
  const root = await project(whole);
  const refused = async (...args: string[]) => {
    const { code, stderr } = await cli(['run', 'demo', ...args], { cwd: root });
    return [code, stderr];
  };
  expect(await refused('--only', 'join')).toEqual([
    2,
    expect.stringMatching(/--only: file:.* has no run of "demo" that could give the results of orders, users\n/),
  ]);
  const { run_id } = (await runIn(root, ['run', 'demo'])).report;
  await rm(join(root, '.daybreak/store/demo/runs', run_id, 'data/orders'), { recursive: true });
  expect(await refused('--only', 'join')).toEqual([
    2,
    expect.stringContaining(
      `no run has all of these results; the latest, ${run_id}, lacks orders (data missing: rows (part-00000.parquet)); add it to --only`,
    ),
  ]);
  const both = await runIn(root, ['run', 'demo', '--only', 'orders,join']);
  expect(outcomesOf(both.report)).toMatchObject({ users: 'reused', orders: 'succeeded', join: 'succeeded' });
  for (const [args, message] of [
    [['--only', 'jion'], '--only: pipeline "demo" has no step "jion"; did you mean "join"?'],
    [['--only', 'join', '--upstream', 'x'], 'pipeline "demo" has no run "x"'],
    [['--upstream', run_id], '--upstream is the run from which `--only <steps>` takes results'],
    [['--only', 'join', '--scheduled-for', '2026-01-31'], '--only and --scheduled-for'],
  ] as const)
    expect(await refused(...args)).toEqual([2, expect.stringContaining(message)]);
});

test('first steps need no earlier run, and see the input that is given', async () => {
  const root = await project({ ...whole, [users]: rowsOf('users', 'JSON.stringify(step.input)') });
  const { report } = await runIn(root, ['run', 'demo', '--only', 'users', '--input', '{"day":1}']);
  expect(outcomesOf(report)).toEqual({ users: 'succeeded', orders: 'skipped', join: 'skipped', report: 'skipped' });
  const { report: head } = await runIn(root, ['head', 'demo', report.run_id, 'users.rows']);
  expect(head).toMatchObject({ rows: [{ made_by: '{"day":1}' }] });
  expect(report).toMatchObject({ trial: { of: null, only: ['users'] } });
});
