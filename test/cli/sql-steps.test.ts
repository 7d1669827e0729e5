import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, spawnCli } from './cli.ts';
import { handlerOf, project } from './project.ts';

const template = `name: sales
version: 1.0.0
input_schema:
  type: object
  properties:
    region: { type: string, default: north }
    share: { type: number, default: 1 }
steps:
  - name: extract
    handler: extract
    outputs: { orders: { schema: { id: VARCHAR, customer: BIGINT, region: VARCHAR, total: "DECIMAL(18,2)", day: VARCHAR } } }
  - name: spent
    dependencies: [extract]
    sql: { file: sales/spent.sql, params: { region: "{% input.region %}" } }
    outputs: { customers: { schema: { customer: BIGINT, spent: "DECIMAL(38,2)", orders: BIGINT } } }
  - name: best
    dependencies: [extract, spent]
    sql:
      datasets:
        shares: { file: sales/shares.sql }
        top: { query: FROM best.shares ORDER BY spent DESC LIMIT 1 }
      result: { query: "SELECT customer, share, (SELECT count(*) FROM best.shares) AS customers, $share AS asked FROM best.top" }
      params: { all: "{% result.extract.total %}", share: "{% input.share %}" }
    result_schema: { type: object, required: [customer, share, customers, asked] }
  - name: told
    handler: told
    dependencies: [best, spent]
`;

const files = {
  'pipelines/sales.yaml': template,
  'pipelines/sales/spent.sql': `SELECT customer, sum(total) AS spent, count(*) AS orders
FROM extract.orders
WHERE region = $region
GROUP BY customer
ORDER BY customer
`,
  'pipelines/sales/shares.sql':
    'SELECT customer, spent, round(spent / $all, 2) AS share FROM spent.customers ORDER BY customer\n',
  'lambdas/steps/sales/extract.ts': handlerOf(`
  const columns = { id: 'VARCHAR', customer: 'BIGINT', region: 'VARCHAR', total: 'DECIMAL(18,2)', day: 'VARCHAR' };
  const rows = [
    { id: 'a', customer: 7, region: 'north', total: '30.00', day: '2026-01-01' },
    { id: 'b', customer: 8, region: 'north', total: '9.50', day: '2026-01-02' },
    { id: 'c', customer: 7, region: 'north', total: '0.50', day: 'never' },
    { id: 'd', customer: 9, region: 'south', total: '60.00', day: '2026-01-02' },
  ];
  await step.write('orders', rows, { columns });
  return { total: 100 };`),
  'lambdas/steps/sales/told.ts': handlerOf(`
  const rows = [];
  for await (const batch of step.rows('best.shares')) rows.push(...batch);
  return { rows, spent: step.result('spent'), best: step.result('best') };`),
};

interface Report {
  readonly run_id: string;
  readonly status: string;
  readonly steps: Readonly<
    Record<
      string,
      {
        readonly outcome: string;
        readonly result: unknown;
        readonly failure: { readonly cause: string; readonly error: string } | null;
      }
    >
  >;
  readonly decisions: Readonly<Record<string, { readonly decision: string; readonly reason: string }>>;
}

const run = async (root: string, input: object = {}): Promise<Report> => {
  const { exited } = spawnCli(['run', 'sales', '--input', JSON.stringify(input), '--json'], { cwd: root });
  return (await exited).json() as unknown as Report;
};

const dryRun = async (root: string, runId: string): Promise<Record<string, string>> => {
  const ran = await cli(['resume', 'sales', runId, '--dry-run', '--json'], { cwd: root });
  const { decisions } = ran.json() as unknown as Report;
  return Object.fromEntries(Object.entries(decisions).map(([step, { reason }]) => [step, reason]));
};

const edit = async (root: string, file: string, from: string, to: string): Promise<void> => {
  const text = await readFile(join(root, file), 'utf8');
  expect(text).toContain(from);
  await writeFile(join(root, file), text.replace(from, to));
};

describe('a pipeline with SQL steps', () => {
  test('runs offline: queries read upstream datasets and their own, with parameters, and handlers read theirs', async () => {
    const { status, steps } = await run(await project(files));
    expect(status).toBe('SUCCEEDED');
    expect(steps.told?.result).toEqual({
      rows: [
        { customer: 7, spent: '30.50', share: 0.31 },
        { customer: 8, spent: '9.50', share: 0.1 },
      ],
      spent: { row_count: 2 },
      best: { customer: 7, share: 0.31, customers: 2, asked: 1 },
    });
  });

  test('resumes after a change of a query or of its parameters, which says what changed', async () => {
    const root = await project(files);
    const { run_id } = await run(root);
    expect(await dryRun(root, run_id)).toEqual({ extract: 'reused', spent: 'reused', best: 'reused', told: 'reused' });
    await edit(root, 'pipelines/sales/shares.sql', '\n', ' -- by customer\n');
    expect((await dryRun(root, run_id)).best).toBe('code changed: shares.sql');
    await edit(root, 'pipelines/sales.yaml', 'region: "{% input.region %}"', 'region: north');
    expect((await dryRun(root, run_id)).spent).toMatch(/^configuration changed: initialization\.params\.region/);
    const { exited } = spawnCli(['resume', 'sales', run_id, '--json'], { cwd: root });
    const { steps } = (await exited).json() as unknown as Report;
    // What the queries make is the same, so what reads it need not run again.
    expect(Object.fromEntries(Object.entries(steps).map(([name, { outcome }]) => [name, outcome]))).toEqual({
      extract: 'reused',
      spent: 'succeeded',
      best: 'succeeded',
      told: 'reused',
    });
  });

  test('fails for good where a value does not fit, and says in which query, line and column', async () => {
    const root = await project(files);
    await edit(root, 'pipelines/sales/spent.sql', 'WHERE region', 'WHERE CAST(day AS DATE) IS NOT NULL\n  AND region');
    const { status, steps } = await run(root);
    expect(status).toBe('FAILED');
    expect(steps.spent?.failure?.error).toBe('ValidationError');
    expect(steps.spent?.failure?.cause).toMatch(
      /^the query "sales\/spent\.sql \(step spent\)", line 3, column 7: .*"never".* from source column day/,
    );
  });

  test('does not start when a query is wrong', async () => {
    const root = await project(files);
    await edit(root, 'pipelines/sales/spent.sql', 'sum(total)', 'sum(amount)');
    const ran = await cli(['run', 'sales'], { cwd: root });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('pipelines/sales/spent.sql:1:22 UNKNOWN_COLUMN');
    expect(ran.stderr).toContain('1 | SELECT customer, sum(amount) AS spent');
  });

  test('is compiled to what each dataset will have', async () => {
    const { stdout } = await cli(['compile', 'sales', '--json'], { cwd: await project(files) });
    const { steps } = JSON.parse(stdout) as { steps: { name: string; datasets: object; sql?: object }[] };
    const of = (step: string) => steps.find(({ name }) => name === step);
    expect(of('spent')?.datasets).toEqual({
      customers: { customer: 'BIGINT', spent: 'DECIMAL(38,2)', orders: 'BIGINT' },
    });
    // `$all` is a result, so only a run tells its type.
    expect(of('best')).toMatchObject({
      datasets: { shares: null, top: null },
      sql: [
        { dataset: 'shares', file: 'sales/shares.sql' },
        { dataset: 'top', file: null },
      ],
    });
    expect(of('told')?.datasets).toEqual({});
  });

  test('is simulated without a query being run', async () => {
    const { stdout, code } = await cli(['simulate', 'sales', '--json'], { cwd: await project(files) });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'SUCCEEDED', steps: { best: { outcome: 'succeeded' } } });
  });

  test('holds under faults', async () => {
    const { exited } = spawnCli(['test', 'sales', '--faults', '6', '--json'], { cwd: await project(files) });
    const ran = await exited;
    expect(ran.code, ran.stdout + ran.stderr).toBe(0);
  });
});
