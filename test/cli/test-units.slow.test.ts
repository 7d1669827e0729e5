import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { spawnCli } from './cli.ts';
import { handlerOf, project } from './project.ts';
import { edit, runIn } from './resume-project.ts';

const tests = 'pipelines/sales/tests';

const files = {
  'pipelines/sales.yaml': `name: sales
version: 1.0.0
steps:
  - name: extract
    handler: { callable: extract }
  - name: revenue
    dependencies: [extract]
    sql: { query: 'SELECT region, sum(amount) AS revenue FROM extract.orders GROUP BY region' }
  - name: report
    handler: { callable: report }
    dependencies: [revenue]
`,
  'lambdas/steps/sales/extract.ts': handlerOf(
    "  await step.write('orders', [{ region: 'north', email: 'ada@example.com', amount: 1 }, { region: 'north', email: 'ada@example.com', amount: 2 }, { region: 'south', email: '', amount: null }], { columns: { region: 'VARCHAR', email: 'VARCHAR', amount: 'DOUBLE' } });\n  return { from: 'the CRM', rows: 3 };",
  ),
  'lambdas/steps/sales/report.ts': handlerOf(
    "  console.log('a handler prints');\n  let total = 0;\n  for await (const rows of step.rows('revenue.revenue')) for (const { revenue } of rows) total += revenue ?? 0;\n  if (total === 0) throw new Error('nothing was sold');\n  return { total, third: total / 3 };",
  ),
  [`${tests}/report.yaml`]: `step: report
tests:
  - name: adds up
    upstream: { revenue: { datasets: { revenue: { columns: { revenue: DOUBLE }, rows: [{ revenue: 1 }] } } } }
    expect: { result: { third: 0.333 }, tolerance: 0.001 }
  - name: fails without sales
    upstream: { revenue: { datasets: { revenue: { columns: { revenue: DOUBLE }, rows: [] } } } }
    expect: { error: { name: Error, message: nothing was } }
`,
};

/** In a separate process: a test framework has its own way of loading modules. */
const units = (root: string, ...args: string[]) =>
  spawnCli(['test', 'sales', '--units', ...args], { cwd: root }).exited;

test('tests of handlers and of SQL pass, fail at their place, and stop at a mistake; stdout has the answer alone', async () => {
  const root = await project({
    ...files,
    [`${tests}/revenue.yaml`]: `step: revenue
tests:
  - name: adds up by region
    upstream:
      extract:
        datasets:
          orders: { columns: { region: VARCHAR, amount: DOUBLE }, rows: [{ region: a, amount: 1 }, { region: b, amount: 2 }] }
    expect:
      datasets:
        revenue:
          - { region: b, revenue: 2 }
          - { region: a }
`,
  });
  const passed = await units(root, '--json');
  expect([passed.code, passed.json()]).toMatchObject([0, { passed: 3, failed: 0 }]);
  expect(passed.stderr).toContain('a handler prints');

  await edit(root, `${tests}/revenue.yaml`, 'revenue: 2 }', 'revenue: 3 }');
  await edit(root, `${tests}/report.yaml`, 'tolerance: 0.001', 'tolerance: 0.0001');
  await edit(root, `${tests}/report.yaml`, 'message: nothing was', 'message: none was');
  const failed = await units(root);
  expect(failed.code).toBe(1);
  for (const line of [
    'pipelines/sales/tests/report.yaml:5:23 the result is {"total":1,"third":0.3333333333333333}; expected {"third":0.333}',
    'pipelines/sales/tests/report.yaml:6:11 the error is "nothing was sold"; expected it to contain "none was"',
    'pipelines/sales/tests/revenue.yaml:11:13 "revenue" has no row {"region":"b","revenue":3}; in the nearest one revenue is 2',
    'sales: 3 tests, 3 failed',
  ])
    expect(failed.stdout).toContain(line);

  await edit(root, `${tests}/report.yaml`, 'step: report', 'step: reprot');
  const mistaken = await units(root);
  expect([mistaken.code, mistaken.stdout]).toEqual([1, '']);
  expect(mistaken.stderr).toContain(
    'pipelines/sales/tests/report.yaml:1:7 UNKNOWN_STEP the pipeline has no step "reprot"; did you mean "report"?',
  );
});

test('a captured test has no text of the run except where it is named, passes, and fails after a change of the step', async () => {
  const root = await project(files);
  const { run_id } = (await runIn(root, ['run', 'sales'])).report;
  const capture = (...args: string[]) => units(root, '--capture', run_id, 'revenue', '--json', ...args);
  expect((await capture('--show', 'region')).json()).toMatchObject({ file: `${tests}/revenue.yaml` });
  const text = await readFile(join(root, tests, 'revenue.yaml'), 'utf8');
  for (const secret of ['ada@example.com', 'the CRM']) expect(text).not.toContain(secret);
  expect(text).toContain('region: north');
  // Equal texts are still equal, and the empty text and the null are still what they were.
  expect(text.match(/email: .*/g)).toEqual(['email: VARCHAR', 'email: text-2', 'email: text-2', 'email: ""']);
  expect(text).toContain('amount: null');
  expect((await units(root, '--json')).json()).toMatchObject({ passed: 3, failed: 0 });

  // A second capture leaves the first as it is; fewer rows give other sums.
  await writeFile(join(root, tests, 'revenue.yaml'), text.replace('north', 'NORTH'));
  expect((await capture('--rows', '1')).json()).toMatchObject({ file: `${tests}/revenue-2.yaml` });
  expect(await readFile(join(root, tests, 'revenue.yaml'), 'utf8')).toContain('NORTH');
  expect(await readFile(join(root, tests, 'revenue-2.yaml'), 'utf8')).not.toContain('north');

  await writeFile(join(root, tests, 'revenue.yaml'), text);
  await edit(root, 'pipelines/sales.yaml', 'sum(amount)', 'max(amount)');
  const changed = await units(root);
  expect([changed.code, changed.stdout]).toEqual([
    1,
    expect.stringContaining('"revenue":3}; in the nearest one revenue is 2'),
  ]);
});
