import Big from 'big.js';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { handler as aggregateMetrics } from '../../lambdas/steps/analytics_pipeline/aggregate-metrics.ts';
import { handler as extractCustomers } from '../../lambdas/steps/analytics_pipeline/extract-customer-data.ts';
import { handler as extractInventory } from '../../lambdas/steps/analytics_pipeline/extract-inventory-data.ts';
import { handler as extractSales } from '../../lambdas/steps/analytics_pipeline/extract-sales-data.ts';
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
      product_revenue: revenue.toFixed(2),
      shipping_and_fees: '0.00',
      total_inventory_quantity: stock,
      total_customers: 300,
      revenue_per_customer: revenue.div(300).toFixed(2, Big.roundHalfUp),
      inventory_turnover_indicator: Number(revenue.div(stock).toFixed(4, Big.roundHalfUp)),
      sources_included: 3,
    });
    expect(steps.outputs.get('generate_insights')?.result).toMatchObject({
      alarms: [],
      synthetic: ['orders', 'customers', 'stock'],
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
