import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TopList } from '../../lambdas/steps/customer_analytics/insights/top-list.ts';
import { trendOf } from '../../lambdas/steps/customer_analytics/insights/trend.ts';
import { customer, insightsOf, product, range } from './dashboard-fixture.ts';

describe('the dashboard', () => {
  test('ranks by value, then by id, and keeps ten', async () => {
    const customers = Array.from({ length: 12 }, (_, index) =>
      customer(String(index), index < 3 ? '50.0000' : `${10 + index}.00`),
    );
    const { dashboard } = await insightsOf(customers.toReversed(), []);
    expect(dashboard.top_customers.map(({ customer_id }) => customer_id)).toEqual([
      '0',
      '1',
      '2',
      '11',
      '10',
      '9',
      '8',
      '7',
      '6',
      '5',
    ]);
    expect(dashboard.top_customers[0]).toEqual({ ...customers[0], total_lifetime_value: '50.00' });
  });

  test('has all segments in order, their exact shares, and money with two decimals', async () => {
    const rows = [
      customer('1', '30.00', { customer_segment: 'New' }),
      customer('2', '30.00', { customer_segment: 'VIP' }),
      customer('3', '30.00', { customer_segment: 'VIP' }),
    ];
    const { dashboard } = await insightsOf(rows, []);
    expect(dashboard.segments).toEqual([
      { segment: 'VIP', customers: 2, revenue: '60.00', share: 0.6667 },
      { segment: 'Regular', customers: 0, revenue: '0.00', share: 0 },
      { segment: 'Occasional', customers: 0, revenue: '0.00', share: 0 },
      { segment: 'New', customers: 1, revenue: '30.00', share: 0.3333 },
    ]);
    expect(dashboard.totals.revenue).toBe('100.01');
  });

  test('lists sold products that last less than 14 days, most urgent first', async () => {
    const products = [
      product('enough', '1.00', { days_of_stock: 14 }),
      product('soon', '1.00', { days_of_stock: 13.9, stock_on_hand: 14 }),
      product('gone', '1.00', { days_of_stock: 0, stock_on_hand: 0 }),
      product('gone, earned more', '2.00', { days_of_stock: 0, stock_on_hand: 0 }),
      product('unsold', '0.00', {
        units_sold: 0,
        order_count: 0,
        average_price: null,
        days_of_stock: null,
        stock_on_hand: 0,
      }),
    ];
    const { dashboard } = await insightsOf([], products);
    expect(dashboard.low_stock.map(({ product_id }) => product_id)).toEqual(['gone, earned more', 'gone', 'soon']);
    expect(dashboard.top_products.map(({ product_id }) => product_id)).not.toContain('unsold');
    expect(dashboard.recommendations[0]).toMatchObject({
      kind: 'restock',
      numbers: { products: 3, sold_out: 2, revenue: '4.00' },
    });
  });

  test('gives only recommendations that the numbers justify', async () => {
    const { dashboard } = await insightsOf(
      [
        customer('quiet', '60.00', { days_since_last_order: 61 }),
        customer('active', '60.00', { days_since_last_order: 60 }),
        customer('small', '1.00', { days_since_last_order: 90, customer_segment: 'New', total_orders: 1 }),
      ],
      [product('sold', '1.00'), product('idle', '0.00', { units_sold: 0, days_of_stock: null, stock_on_hand: 7 })],
    );
    expect(dashboard.recommendations.map(({ kind, numbers }) => [kind, numbers])).toEqual([
      ['win_back', { customers: 1, total_lifetime_value: '60.00', quiet_days: 60 }],
      ['second_order', { customers: 1, share: 0.3333 }],
      ['attribution', { orders: 1, share: 0.1111, revenue: '10.01' }],
      ['idle_stock', { products: 1, units: 7 }],
    ]);
  });
});

describe('the trend', () => {
  test('has every period once, including those without an order', () => {
    const days = [
      { day: '2025-01-31', orders: 1, revenue: '1.10' },
      { day: '2025-03-01', orders: 2, revenue: '2.20' },
    ];
    const wide = trendOf(days, { start_date: '2025-01-15', end_date: '2025-07-31' });
    expect(wide.granularity).toBe('month');
    expect(wide.periods.slice(0, 3)).toEqual([
      { period: '2025-01-01', orders: 1, revenue: '1.10' },
      { period: '2025-02-01', orders: 0, revenue: '0.00' },
      { period: '2025-03-01', orders: 2, revenue: '2.20' },
    ]);
    expect(trendOf([], range)).toMatchObject({ granularity: 'day', periods: { length: 31 } });
    expect(trendOf([], { ...range, end_date: '2025-02-01' })).toMatchObject({
      granularity: 'week',
      periods: { length: 5 },
    });
  });
});

test('a top list is the beginning of the sorted list', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 12 }), (numbers, size) => {
      const list = new TopList<number>(size, (a, b) => a - b);
      for (const number of numbers) list.add(number);
      expect(list.items).toEqual(numbers.toSorted((a, b) => a - b).slice(0, size));
    }),
  );
});
