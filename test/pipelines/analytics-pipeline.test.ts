import Big from 'big.js';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { aggregate } from '../../lambdas/steps/analytics_pipeline/aggregate.ts';
import { handler as aggregateMetrics } from '../../lambdas/steps/analytics_pipeline/aggregate-metrics.ts';
import { handler as extractCustomers } from '../../lambdas/steps/analytics_pipeline/extract-customer-data.ts';
import { handler as extractInventory } from '../../lambdas/steps/analytics_pipeline/extract-inventory-data.ts';
import { handler as extractSales } from '../../lambdas/steps/analytics_pipeline/extract-sales-data.ts';
import { findInsights } from '../../lambdas/steps/analytics_pipeline/find-insights.ts';
import { handler as generateInsights } from '../../lambdas/steps/analytics_pipeline/generate-insights.ts';
import type { LocalSetup } from '../../lib/offline/engine/local-setup.ts';
import { MemoryObjectStore } from '../../lib/ports/memory/memory-object-store.ts';
import { start } from '../../pipelines/stand-ins/analytics-pipeline.ts';
import { generatedData } from '../../pipelines/stand-ins/generated-data.ts';
import { StepsInMemory } from './steps-in-memory.ts';

const input = {
  source: 'shop',
  date_range_start: '2025-03-01',
  date_range_end: '2025-04-15',
  granularity: 'week',
} as const;
const sales = {
  record_count: 3,
  total_revenue: '100.005',
  average_order_value: '33.34',
  granularity: 'week',
  best_period: null,
} as const;
const inventory = { record_count: 2, total_quantity_on_hand: 30, reorder_alerts: 1, out_of_stock: 0 };
const customers = { record_count: 3, new_customers: 1, countries: 1 };

describe('aggregate_metrics', () => {
  test('divides revenue by customers and by inventory, rounded half up', () => {
    const metrics = aggregate(
      { transform_sales: sales, transform_inventory: inventory, transform_customers: customers },
      input,
    );
    expect(metrics).toMatchObject({
      total_revenue: '100.01',
      total_inventory_quantity: 30,
      total_customers: 3,
      // 100.005 ÷ 3 = 33.335, a tie
      revenue_per_customer: '33.34',
      // 100.005 ÷ 30 = 3.3335
      inventory_turnover_indicator: 3.3335,
      sources_included: 3,
    });
  });

  test('is 0 if the divisor is 0', () => {
    const metrics = aggregate(
      {
        transform_sales: sales,
        transform_inventory: { ...inventory, total_quantity_on_hand: 0 },
        transform_customers: { ...customers, record_count: 0 },
      },
      input,
    );
    expect(metrics).toMatchObject({ revenue_per_customer: '0.00', inventory_turnover_indicator: 0 });
  });

  test('a missing result is a permanent error that names its step', () => {
    const transformed = { transform_sales: sales, transform_inventory: undefined, transform_customers: undefined };
    expect(() => aggregate(transformed, input)).toThrow('transform_inventory, transform_customers');
  });
});

test('the health score is the sum of the points for each source in order', () => {
  const metrics = aggregate(
    { transform_sales: sales, transform_inventory: inventory, transform_customers: customers },
    input,
  );
  expect(findInsights(metrics, 'GBP').health_score).toEqual({ score: 40, max_score: 100, rating: 'Fair' });
  const well = { ...metrics, revenue_per_customer: '500.00', inventory_reorder_alerts: 0 };
  expect(findInsights(well, 'GBP').health_score).toEqual({ score: 100, max_score: 100, rating: 'Excellent' });
});

describe('analytics_pipeline on the generated data', () => {
  const store = new MemoryObjectStore();
  const data = generatedData();
  let sources: LocalSetup;

  beforeAll(async () => {
    sources = await start({ store, data: null, log: () => undefined });
    for (const [name, value] of Object.entries(sources.environment)) vi.stubEnv(name, value);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await sources?.stop();
  });

  const run = async (given: object): Promise<StepsInMemory> => {
    const steps = await StepsInMemory.of('analytics_pipeline', {
      input: given,
      secrets: { crm_token: sources.environment.DAYBREAK_SECRET_CRM_TOKEN ?? '' },
      sources: store,
    });
    await steps.run('extract_sales_data', extractSales);
    await steps.run('extract_inventory_data', extractInventory);
    // The stand-in's first failure costs one attempt.
    await steps
      .run('extract_customer_data', extractCustomers)
      .catch(() => steps.run('extract_customer_data', extractCustomers, 2));
    await steps.run('transform_sales');
    await steps.run('transform_inventory');
    await steps.run('transform_customers');
    await steps.run('aggregate_metrics', aggregateMetrics);
    await steps.run('generate_insights', generateInsights);
    return steps;
  };

  test('its figures match the data', async () => {
    const steps = await run(input);
    const orders = data.orders.filter(({ order_date }) => order_date >= '2025-03-01' && order_date < '2025-04-16');
    const revenue = orders.reduce((sum, { total_amount }) => sum.plus(total_amount), new Big(0));
    const stock = data.products.reduce((sum, { stock_on_hand }) => sum + stock_on_hand, 0);
    expect(steps.outputs.get('aggregate_metrics')?.result).toMatchObject({
      source: 'shop',
      total_revenue: revenue.toFixed(2),
      total_inventory_quantity: stock,
      total_customers: 300,
      revenue_per_customer: revenue.div(300).toFixed(2, Big.roundHalfUp),
      inventory_turnover_indicator: Number(revenue.div(stock).toFixed(4, Big.roundHalfUp)),
      sources_included: 3,
    });
    const periods = steps.outputs.get('transform_sales')?.datasets.period_sales ?? [];
    // 1 March 2025 is a Saturday.
    expect(periods.map(({ period }) => period)).toEqual([
      '2025-02-24',
      '2025-03-03',
      '2025-03-10',
      '2025-03-17',
      '2025-03-24',
      '2025-03-31',
      '2025-04-07',
      '2025-04-14',
    ]);
    expect(periods.reduce((sum, row) => sum.plus(String(row.revenue)), new Big(0)).eq(revenue)).toBe(true);
  });

  test('without an input a run covers the year by month', async () => {
    const steps = await run({ source: 'shop', ...sources.input });
    expect(steps.outputs.get('transform_sales')?.datasets.period_sales).toHaveLength(12);
    const fresh = steps.outputs.get('transform_customers')?.datasets.new_customers ?? [];
    const expected = data.users.filter(({ created_at }) => created_at.startsWith('2025-05')).length;
    expect(fresh[4]).toEqual({ period: '2025-05-01', customers: expected });
  });

  test('a range that ends before it begins is a permanent error', async () => {
    const steps = await StepsInMemory.of('analytics_pipeline', { input: { ...input, date_range_end: '2025-02-01' } });
    await expect(steps.run('extract_sales_data', extractSales)).rejects.toMatchObject({ name: 'PermanentError' });
  });
});
