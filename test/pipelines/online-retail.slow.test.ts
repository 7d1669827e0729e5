import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { handler as validateDataQuality } from '../../lambdas/steps/customer_analytics/validate-data-quality.ts';
import type { LocalSetup } from '../../lib/offline/engine/local-setup.ts';
import { MemoryObjectStore } from '../../lib/ports/memory/memory-object-store.ts';
import { start } from '../../pipelines/stand-ins/customer-analytics.ts';
import { runCustomerAnalytics } from './customer-analytics-run.ts';
import { ExpectedBySql } from './expected-by-sql.ts';
import { StepsInMemory } from './steps-in-memory.ts';

const file = resolve('../shared/data/online_retail_sample.csv');
const missing = [
  existsSync(file) ? null : file,
  spawnSync('python3', ['--version']).status === 0 ? null : 'python3',
].filter((one) => one !== null);
const why = missing.length === 0 ? '' : ` (skipped: there is no ${missing.join(' and no ')})`;

const ranges = [
  ['2010-12-01', '2011-12-09'],
  ['2010-12-01', '2010-12-31'],
  ['2011-02-01', '2011-02-28'],
  ['2011-11-01', '2011-11-30'],
  ['2011-12-01', '2011-12-31'],
  // A day; a day whose day before has no order (a Saturday); an empty day; the first and the last day of the file; a day long after it; a week.
  ['2011-06-07', '2011-06-07'],
  ['2011-06-05', '2011-06-05'],
  ['2011-06-04', '2011-06-04'],
  ['2010-12-01', '2010-12-01'],
  ['2011-12-09', '2011-12-09'],
  ['2013-06-04', '2013-06-04'],
  ['2011-10-03', '2011-10-09'],
] as const;

type Row = Record<string, unknown>;

/** The figures of a day that the calculation in SQL has. */
const figuresOf = ({ day, orders, revenue, average_order_value, customers, orders_without_customer }: Row): Row => ({
  day,
  orders,
  revenue,
  average_order_value,
  customers,
  orders_without_customer,
});

/** The dashboard of a range by the calculation in Python. */
const expectedByDecimal = (start: string, end: string): unknown => {
  const program = join(import.meta.dirname, 'expected-by-decimal.py');
  return JSON.parse(execFileSync('python3', [program, file, start, end], { encoding: 'utf8' }));
};

/** The exact amount with two decimals; the file has no finer ones. */
const cents = (text: unknown): string => Number(text).toFixed(2);

describe.skipIf(why !== '')(`customer_analytics on real order lines${why}`, () => {
  let expectedBySql: ExpectedBySql;
  let sources: LocalSetup;
  let outbox: string;
  const store = new MemoryObjectStore();

  beforeAll(async () => {
    outbox = join(await mkdtemp(join(tmpdir(), 'outbox-')), 'messages.ndjson');
    vi.stubEnv('DAYBREAK_OUTBOX', outbox);
    expectedBySql = await ExpectedBySql.load(file);
    sources = await start({ store, data: file, log: () => undefined });
    for (const [name, value] of Object.entries(sources.environment)) vi.stubEnv(name, value);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await sources?.stop();
    await expectedBySql?.close();
  });

  const run = async (start_date: string, end_date: string) => {
    const steps = await StepsInMemory.of('customer_analytics', {
      input: {
        date_range: { start_date, end_date },
        history_days: 365,
        force_refresh: true,
        notification_channels: ['#a', '#b', '#a'],
      },
      secrets: { crm_token: sources.environment.DAYBREAK_SECRET_CRM_TOKEN ?? '' },
      sources: store,
    });
    await runCustomerAnalytics(steps);
    return steps;
  };

  test('without an input, a run covers all days of the file', () => {
    expect(sources.input).toEqual({ date_range: { start_date: '2010-12-01', end_date: '2011-12-09' } });
  });

  test.each(ranges)('from %s to %s it equals a calculation in SQL, and another one in Python', async (first, last) => {
    const steps = await run(first, last);
    const expected = await expectedBySql.of(first, last);

    const customers = steps.outputs.get('transform_customer_metrics')?.datasets.customer_metrics ?? [];
    expect(
      customers.map(({ email: _, ...row }) => ({ ...row, total_lifetime_value: cents(row.total_lifetime_value) })),
    ).toEqual(expected.customers);
    const products = steps.outputs.get('transform_product_metrics')?.datasets.product_metrics ?? [];
    expect(products.map((row) => ({ ...row, revenue: cents(row.revenue) }))).toEqual(expected.products);

    const dashboard = JSON.parse(steps.outputs.get('update_dashboard')?.files['dashboard.json'] ?? '');
    const { day } = dashboard;
    expect(dashboard.synthetic).toEqual(['emails', 'stock']);
    expect(dashboard.history).toMatchObject(expected.history);
    expect(dashboard.totals).toEqual(expected.totals);
    expect(dashboard.revenue_by_kind).toEqual({ ...expected.kinds, other: '0.00' });
    expect(day.revenue_by_kind).toEqual({ ...expected.dayKinds, other: '0.00' });
    expect(dashboard.shipping_and_fees).toEqual(expected.charges);
    expect(dashboard.segments.filter(({ customers }: Row) => customers !== 0)).toEqual(expected.segments);
    const seen = [day, ...day.compared].filter(({ orders }) => orders > 0);
    expect(seen.map(figuresOf)).toEqual(expected.days);
    expect(dashboard.alarms.length > 0).toBe(day.orders === 0);

    // The advice, the words of alarms and the invented addresses are held by other tests.
    const { recommendations: _, synthetic: __, alarms, ...figures } = dashboard;
    const plain = {
      ...figures,
      top_customers: dashboard.top_customers.map(({ email: _, ...row }: Row) => row),
      alarms: alarms.map(({ kind }: Row) => kind),
    };
    expect(plain).toEqual(expectedByDecimal(first, last));
  });

  test('the gate counts what SQL counts, and lets only a history of 50 orders or more through', async () => {
    const verdict = async (first: string, last: string) =>
      (await run(first, last)).run('validate_data_quality', validateDataQuality);
    const { totals } = await expectedBySql.of('2010-12-01', '2011-12-09');
    expect((await verdict('2010-12-01', '2011-12-09')).result).toMatchObject({ order_records: totals.orders });
    await expect(verdict('2013-06-04', '2013-06-04')).rejects.toThrow(
      'min_order_records: extract_orders.orders: 0 rows; allowed: at least 50',
    );
  });

  test('the steps write the same bytes again, and each channel gets one message per run', async () => {
    const [one, two] = [await run('2011-03-01', '2011-03-31'), await run('2011-03-01', '2011-03-31')];
    expect(JSON.stringify([...two.outputs])).toBe(JSON.stringify([...one.outputs]));
    // All runs of this file in memory share one run id.
    const messages = (await readFile(outbox, 'utf8')).trimEnd().split('\n');
    expect(messages.map((line) => JSON.parse(line).channel)).toEqual(['#a', '#b']);
  });
});
