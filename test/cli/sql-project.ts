import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { cli } from './cli.ts';
import { handlerOf } from './project.ts';

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

export const files = {
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

export interface Report {
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

export async function run(root: string, input: object = {}): Promise<Report> {
  const ran = await cli(['run', 'sales', '--input', JSON.stringify(input), '--json'], { cwd: root });
  return ran.json() as unknown as Report;
}

export async function dryRun(root: string, runId: string): Promise<Record<string, string>> {
  const ran = await cli(['resume', 'sales', runId, '--dry-run', '--json'], { cwd: root });
  const { decisions } = ran.json() as unknown as Report;
  return Object.fromEntries(Object.entries(decisions).map(([step, { reason }]) => [step, reason]));
}

export async function edit(root: string, file: string, from: string, to: string): Promise<void> {
  const text = await readFile(join(root, file), 'utf8');
  expect(text).toContain(from);
  await writeFile(join(root, file), text.replace(from, to));
}
