import { existsSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { LocalSetup } from '../../lib/offline/engine/local-setup.ts';
import { MemoryObjectStore } from '../../lib/ports/memory/memory-object-store.ts';
import { start } from '../../pipelines/stand-ins/customer-analytics.ts';
import { runCustomerAnalytics } from './customer-analytics-run.ts';
import { ExpectedBySql } from './expected-by-sql.ts';
import { StepsInMemory } from './steps-in-memory.ts';

const file = resolve('../shared/data/online_retail_sample.csv');
const why = existsSync(file) ? '' : ` (skipped: there is no ${file})`;

const ranges = [
  ['2010-12-01', '2011-12-09'],
  ['2010-12-01', '2010-12-31'],
  ['2011-02-01', '2011-02-28'],
  ['2011-11-01', '2011-11-30'],
  ['2011-12-01', '2011-12-31'],
  ['2011-06-07', '2011-06-07'],
] as const;

type Row = Record<string, unknown>;

const byValue = (value: string, id: string) => (a: Row, b: Row) =>
  Number(b[value]) - Number(a[value]) || (String(a[id]) < String(b[id]) ? -1 : 1);

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
      input: { date_range: { start_date, end_date }, force_refresh: true, notification_channels: ['#a', '#b', '#a'] },
      secrets: { crm_token: sources.environment.DAYBREAK_SECRET_CRM_TOKEN ?? '' },
      sources: store,
    });
    await runCustomerAnalytics(steps);
    return steps;
  };

  test('without an input, a run covers all days of the file', () => {
    expect(sources.input).toEqual({ date_range: { start_date: '2010-12-01', end_date: '2011-12-09' } });
  });

  test.each(ranges)('from %s to %s it equals a calculation in SQL', async (first, last) => {
    const steps = await run(first, last);
    const expected = await expectedBySql.of(first, last);

    const customers = steps.outputs.get('transform_customer_metrics')?.datasets.customer_metrics ?? [];
    expect(
      customers.map(({ email: _, ...row }) => ({ ...row, total_lifetime_value: cents(row.total_lifetime_value) })),
    ).toEqual(expected.customers);
    const products = steps.outputs.get('transform_product_metrics')?.datasets.product_metrics ?? [];
    expect(products.map((row) => ({ ...row, revenue: cents(row.revenue) }))).toEqual(expected.products);

    const dashboard = JSON.parse(steps.outputs.get('update_dashboard')?.files['dashboard.json'] ?? '');
    expect(Object.keys(dashboard)).toEqual([
      'totals',
      'segments',
      'top_customers',
      'top_products',
      'low_stock',
      'recommendations',
    ]);
    expect(dashboard.totals).toEqual(expected.totals);
    expect(dashboard.segments.map(({ segment }: Row) => segment)).toEqual(['VIP', 'Regular', 'Occasional', 'New']);
    expect(dashboard.segments.filter(({ customers }: Row) => customers !== 0)).toEqual(expected.segments);
    expect(dashboard.top_customers.map(({ email: _, ...row }: Row) => row)).toEqual(
      expected.customers.toSorted(byValue('total_lifetime_value', 'customer_id')).slice(0, 10),
    );
    const sold = expected.products.filter(({ units_sold }) => units_sold !== 0);
    expect(dashboard.top_products).toEqual(sold.toSorted(byValue('revenue', 'product_id')).slice(0, 10));
    const low = sold.filter(({ days_of_stock }) => Number(days_of_stock) < 14);
    expect(new Set(dashboard.low_stock.map(({ product_id }: Row) => product_id))).toEqual(
      new Set(low.map(({ product_id }) => product_id)),
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
