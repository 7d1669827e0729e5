import { describe, expect, test } from 'vitest';
import { aggregate } from '../../lambdas/steps/analytics_pipeline/aggregate.ts';
import { findInsights } from '../../lambdas/steps/analytics_pipeline/find-insights.ts';

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
  product_revenue: '90.005',
  shipping_and_fees: '10',
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
  const options = { currency: 'GBP', synthetic: [] };
  expect(findInsights(metrics, options).health_score).toEqual({ score: 40, max_score: 100, rating: 'Fair' });
  const well = { ...metrics, revenue_per_customer: '500.00', inventory_reorder_alerts: 0 };
  expect(findInsights(well, options).health_score).toEqual({ score: 100, max_score: 100, rating: 'Excellent' });
  // 500 a year are 63.0137 in the 46 days of the range.
  expect(findInsights({ ...metrics, revenue_per_customer: '63.01' }, options).health_score.score).toBe(40);
  expect(findInsights({ ...metrics, revenue_per_customer: '63.02' }, options).health_score.score).toBe(80);
  const year = { ...metrics, days: 400, revenue_per_customer: '499.99' };
  expect(findInsights(year, options).health_score.score).toBe(40);
});

test('a range without orders is an alarm and scores nothing', () => {
  const nothing = { ...sales, record_count: 0, total_revenue: '0', product_revenue: '0', shipping_and_fees: '0' };
  const transformed = {
    transform_sales: nothing,
    transform_inventory: { ...inventory, reorder_alerts: 0 },
    transform_customers: customers,
  };
  const { alarms, health_score } = findInsights(aggregate(transformed, input), { currency: 'GBP', synthetic: [] });
  expect(alarms).toEqual(['No orders in the 46 days of the range: check the shop and the source']);
  expect(health_score).toEqual({ score: 0, max_score: 100, rating: 'No orders' });
});
