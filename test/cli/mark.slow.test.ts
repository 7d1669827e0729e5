import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli } from './cli.ts';
import { project } from './project.ts';
import { deployed, input } from './remote-project.ts';
import { allReused, dryRun, edit, files, outcomesOf, runIn } from './resume-project.ts';

/** `users` fails, `join` depends on it and writes datasets; `report` comes last. */
const failing = async (other: Readonly<Record<string, string>> = {}) => {
  const root = await project({ ...files, ...other });
  const { report } = await runIn(root, ['run', 'demo']);
  expect(outcomesOf(report)).toEqual({ users: 'failed', orders: 'succeeded', join: 'blocked', report: 'blocked' });
  return { root, run: report.run_id };
};

const words = ['--succeeded', '--result', '"by hand"', '--reason', 'loaded from the backup', '--by', 'anna'];
const mark = (root: string, run: string, step: string, ...over: string[]) =>
  cli(['mark', 'demo', run, step, ...words, ...over, '--json'], { cwd: root });

test('a person vouches for a failed step: everyone sees who and why, its letter is settled, and resume reuses the result', async () => {
  const { root, run } = await failing();
  const marked = await mark(root, run, 'users');
  expect(marked.code).toBe(0);
  const vouched = { by: 'anna', at: expect.stringMatching(/^\d{4}-.*Z$/), reason: 'loaded from the backup' };
  const letter = `demo/${run}/1/users`;
  expect(marked.json()).toMatchObject({
    ...{ pipeline: 'demo', run_id: run, execution: 1, step: 'users', result: 'by hand', changed: true },
    vouched,
    settled: [letter],
    resume: `npx daybreak resume demo ${run}`,
  });

  const before = await cli(['status', 'demo', run], { cwd: root });
  expect(before.stdout).toContain('Vouched for\n  users  by anna at ');
  expect(before.stdout).toContain('loaded from the backup');
  expect((await runIn(root, ['status', 'demo', run])).report).toMatchObject({
    status: 'FAILED',
    steps: { users: { outcome: 'failed', vouched } },
  });
  expect((await cli(['dlq', 'list', 'demo', '--json'], { cwd: root })).json().dead_letters).toEqual([]);
  expect((await cli(['dlq', 'show', 'demo', letter, '--json'], { cwd: root })).json().dead_letter).toMatchObject({
    ...{ open: false, closed_because: 'vouched', vouched },
  });
  expect((await cli(['dlq', 'show', 'demo', letter], { cwd: root })).stdout).toContain('anna vouched for the step at');
  expect((await cli(['logs', 'demo', run, 'users'], { cwd: root })).stdout).toContain('loaded from the backup');
  const events = readFileSync(join(root, '.daybreak/store/.store/events/demo', `${run}.jsonl`), 'utf8');
  expect(events).toContain(`"id":"step.vouched/demo/${run}/1/users"`);
  expect(await dryRun(root, run)).toEqual({
    users: 'reuse: vouched for by anna',
    orders: 'reuse: reused',
    join: 'run: blocked before by users',
    report: 'run: blocked before by join'.replace('join', 'users'),
  });

  const { report } = await runIn(root, ['resume', 'demo', run]);
  expect(report.status).toBe('SUCCEEDED');
  expect(outcomesOf(report)).toEqual({ users: 'reused', orders: 'reused', join: 'succeeded', report: 'succeeded' });
  expect(report.steps).toMatchObject({ users: { result: 'by hand', vouched } });
  expect((await cli(['status', 'demo', run], { cwd: root })).stdout).toContain('users  by anna at ');
  // The step after it read the result.
  const rows = await cli(['query', 'demo', run, 'SELECT made_by FROM "join".rows', '--csv'], { cwd: root });
  expect(rows.stdout).toContain('by hand');
  expect(await dryRun(root, run)).toEqual({ ...allReused, users: 'reuse: vouched for by anna' });
});

test('after a change of the code of a marked step, the step runs like one that had succeeded', async () => {
  const { root, run } = await failing();
  expect((await mark(root, run, 'users')).code).toBe(0);
  await edit(root, 'lambdas/steps/demo/users.ts', "throw new Error('the CRM is down')", "return 'from the CRM'");
  expect((await dryRun(root, run)).users).toBe('run: code changed: users.ts since anna vouched for it');
  const { report } = await runIn(root, ['resume', 'demo', run]);
  expect(report.steps).toMatchObject({ users: { outcome: 'succeeded', result: 'from the CRM' } });
  expect(report.steps.users).not.toHaveProperty('vouched');
});

test('the same mark again changes nothing, and another result is refused', async () => {
  const { root, run } = await failing();
  await mark(root, run, 'users');
  const again = await mark(root, run, 'users', '--by', 'ben');
  expect(again.json()).toMatchObject({ changed: false, vouched: { by: 'anna' }, settled: [`demo/${run}/1/users`] });
  expect((await mark(root, run, 'users', '--result', '1')).json()).toMatchObject({
    error: { code: 'RUN_REFUSED', message: expect.stringContaining('anna has vouched for it with another result') },
  });
});

const schema =
  '    retry: { max_attempts: 1 }\n    result_schema: { type: object, required: [rows], properties: { rows: { type: integer } } }\n';

test('mark refuses what no one may vouch for, and settles nothing', async () => {
  const { root, run } = await failing({
    'pipelines/demo.yaml': files['pipelines/demo.yaml']
      .replace('    retry: { max_attempts: 1 }\n', schema)
      .replace('    dependencies: [join]\n', '    dependencies: [join]\n    outputs: { rows: {} }\n'),
  });
  const cases: readonly (readonly [args: readonly string[], code: string, message: string])[] = [
    [['usres'], 'USAGE', 'has no step "usres"; did you mean "users"?'],
    [['orders'], 'RUN_REFUSED', 'it succeeded in execution 1, and a resume reuses its result'],
    [['join'], 'RUN_REFUSED', 'it depends on users, without a result that a resume would reuse; mark that first'],
    [['report'], 'USAGE', 'step "report" writes datasets (rows), and mark takes no datasets'],
    [['users', '--result', '9007199254740993'], 'USAGE', '--result is not JSON: '],
    [['users', '--result', '{'], 'USAGE', '--result is not JSON: '],
    [['users', '--result', '{"rows": 1.5}'], 'USAGE', '/rows: 1.5 must be integer'],
    [['users', '--result', JSON.stringify('x'.repeat(65_535))], 'USAGE', '65537 bytes of JSON; at most 65536'],
    [['users', '--reason', ' '], 'USAGE', 'mark needs --reason'],
    [['users', '--reason', 'x'.repeat(1_001)], 'USAGE', 'at most 1000 are allowed'],
  ];
  for (const [[step = '', ...over], code, message] of cases) {
    const refused = await mark(root, run, step, ...over);
    expect(refused.json().error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(refused.code).toBe(code === 'USAGE' ? 2 : 1);
  }
  expect((await mark(root, 'gone', 'users')).json().error).toMatchObject({ code: 'USAGE' });
  const withoutMark = await cli(['mark', 'demo', run, 'users', '--result', '1', '--reason', 'x'], { cwd: root });
  expect(withoutMark.stderr).toContain('mark needs --succeeded');
  expect((await cli(['dlq', 'list', 'demo', '--json'], { cwd: root })).json().dead_letters).toHaveLength(1);
  const longest = JSON.stringify({ rows: 1, text: 'x'.repeat(65_536 - '{"rows":1,"text":""}'.length) });
  expect((await mark(root, run, 'users', '--result', longest)).json()).toMatchObject({ changed: true });
});

test('mark --stack vouches for a step of a deployed run: the letter and its message are settled, and the resume there reuses the result', async () => {
  const { json, messages, aws } = await deployed();
  await json('start', 'demo', '--input', input, '--name', 'night-1', '--watch');
  await expect.poll(messages, { timeout: 60_000 }).toHaveLength(1);
  const marked = await json('mark', 'demo', 'night-1', 'second', ...words);
  expect(marked).toMatchObject({
    code: 0,
    document: { settled: ['demo/night-1/1/second'], resume: 'npx daybreak resume demo night-1 --stack daybreak-demo' },
  });
  expect(await messages()).toEqual([]);
  const resumed = await json('resume', 'demo', 'night-1');
  expect(resumed.document).toMatchObject({
    status: 'SUCCEEDED',
    execution: 2,
    decisions: { second: { decision: 'reuse', reason: 'vouched for by anna' } },
    steps: { second: { outcome: 'reused', result: 'by hand', vouched: { by: 'anna' } } },
  });
  void aws;
});
