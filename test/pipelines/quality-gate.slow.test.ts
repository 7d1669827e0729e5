import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { spawnCli } from '../cli/cli.ts';
import { csvFile, header } from './order-lines-file.ts';
import { gateFailure, type Rows } from './quality-gate-step.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true, maxRetries: 5 }))));

/** A run of customer_analytics on so many orders, each of another customer of so many, and the read of what it published. */
async function runOf(orders: number, customers: number) {
  const store = await mkdtemp(join(tmpdir(), 'daybreak-gate-'));
  folders.push(store);
  const lines = Array.from(
    { length: orders },
    (_, index) => `${index + 1},85123A,x,2,2011-01-02 10:00:00,1.10,${(index % customers) + 1}.0,France`,
  );
  const cli = (...args: string[]) => spawnCli([...args, '--store', store, '--json'], { cwd: root }).exited;
  const run = await cli('run', 'customer_analytics', '--data', await csvFile(header, ...lines));
  const read = await cli('read', 'customer_analytics', 'product_metrics');
  return { code: run.code, report: JSON.parse(run.stdout), read };
}

test('with too few customers the gate fails, the transforms never start, and nothing is published', async () => {
  const { code, report, read } = await runOf(120, 99);
  expect(code).toBe(1);
  expect(report.status).toBe('FAILED');
  const { extract_users, validate_data_quality, transform_customer_metrics, transform_product_metrics } = report.steps;
  expect(extract_users.outcome).toBe('succeeded');
  expect(validate_data_quality).toMatchObject({ outcome: 'failed', attempts: 1 });
  const failure = JSON.stringify(validate_data_quality);
  console.info(failure);
  expect(failure).toContain('ValidationError');
  expect(failure).toContain('min_customer_records: extract_users.users: 99 rows; allowed: at least 100');
  expect([transform_customer_metrics.outcome, transform_product_metrics.outcome]).toEqual(['blocked', 'blocked']);
  expect(read.code).not.toBe(0);
  expect(read.stdout + read.stderr).toContain('has published nothing');
});

test('with one customer more the gate passes, and the run publishes', async () => {
  const { code, report, read } = await runOf(120, 100);
  expect([code, report.status, report.steps.validate_data_quality.outcome]).toEqual([0, 'SUCCEEDED', 'succeeded']);
  expect(read.code).toBe(0);
});

test.each<[string, Rows, Rows, string]>([
  ['one customer too few', [99], [50], 'min_customer_records: extract_users.users: 99 rows; allowed: at least 100'],
  ['one order too few', [100], [49], 'min_order_records: extract_orders.orders: 49 rows; allowed: at least 50'],
  ['no order', [100], [0], 'min_order_records: extract_orders.orders: 0 rows; allowed: at least 50'],
  [
    'one address too few',
    [100, { email: 6 }],
    [50],
    'max_null_percentage: extract_users.users.email: 6 of 100 rows (0.06); allowed: at most 0.05',
  ],
  [
    'three amounts too few',
    [100],
    [50, { total_amount: 3 }],
    'max_null_percentage: extract_orders.orders.total_amount: 3 of 50 rows (0.06); allowed: at most 0.05',
  ],
])('%s is the only finding', async (_, users, orders, finding) => {
  expect((await gateFailure(users, orders)).violations).toEqual([finding]);
});
