import Big from 'big.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Order } from '../../lambdas/steps/connectors/read-orders.ts';
import { CustomerMetricsBuilder } from '../../lambdas/steps/customer_analytics/metrics/customer-metrics.ts';
import { segmentOf } from '../../lambdas/steps/customer_analytics/metrics/customer-segment.ts';
import { ProductMetricsBuilder } from '../../lambdas/steps/customer_analytics/metrics/product-metrics.ts';
import { parseMoney } from '../../lambdas/steps/quantities/money.ts';

const range = { start_date: '2025-03-01', end_date: '2025-04-15' };
const dayMilliseconds = 86_400_000;
const ids = ['a', 'B', '9', '10', 'é'];

const order: fc.Arbitrary<Omit<Order, 'order_id'>> = fc.record({
  customer_id: fc.option(fc.constantFrom(...ids, 'gone'), { nil: null }),
  order_date: fc
    .integer({ min: Date.parse(range.start_date), max: Date.parse(range.end_date) + dayMilliseconds - 1 })
    .map((time) => new Date(time).toISOString()),
  total_amount: fc.integer({ min: 1, max: 99_999_999 }).map((digits) => new Big(digits).div(10_000).toFixed(4)),
  items: fc.array(
    fc.record({
      product_id: fc.constantFrom('p1', 'p2', 'p3', 'unlisted'),
      quantity: fc.integer({ min: 1, max: 500 }),
      price: fc.integer({ min: 1, max: 999_999 }).map((digits) => new Big(digits).div(10_000).toFixed(4)),
    }),
    { maxLength: 6 },
  ),
});

const sum = (texts: readonly string[]): Big => texts.reduce((total, text) => total.plus(text), new Big(0));
const inBatches = <T>(items: readonly T[], size: number): T[][] =>
  items.length === 0 ? [] : [items.slice(0, size), ...inBatches(items.slice(size), size)];

test('customer metrics equal a calculation over arrays, whatever the batches', () => {
  Big.DP = 40;
  fc.assert(
    fc.property(fc.array(order, { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (orders, size) => {
      const builder = new CustomerMetricsBuilder(range);
      const user = (id: string) => ({
        user_id: id,
        email: `${id}@x`,
        country: 'X',
        created_at: '2024-12-31T23:59:59.999Z',
      });
      builder.addUsers(ids.map(user));
      for (const batch of inBatches(orders, size)) builder.addOrders(batch);

      const known = orders.filter(({ customer_id }) => customer_id !== null && ids.includes(customer_id));
      const expected = ids
        .map((id) => ({ id, own: known.filter(({ customer_id }) => customer_id === id) }))
        .filter(({ own }) => own.length > 0)
        .map(({ id, own }) => {
          const value = sum(own.map(({ total_amount }) => total_amount));
          const times = own.map(({ order_date }) => Math.floor(Date.parse(order_date) / dayMilliseconds));
          const span = Math.max(...times) - Math.min(...times);
          const count = own.length;
          const vip = value.gte(1000) && count >= 10;
          const regular = value.gte(500) || count >= 5;
          const occasional = value.gte(100) || count >= 2;
          return {
            customer_id: id,
            acquisition_date: '2024-12-31',
            customer_segment: vip ? 'VIP' : regular ? 'Regular' : occasional ? 'Occasional' : 'New',
            total_orders: count,
            total_lifetime_value: value.toFixed(4),
            average_order_value: value.div(count).toFixed(2, Big.roundHalfUp),
            order_frequency: count < 2 || span === 0 ? 0 : (count - 1) / (span / 30),
            days_since_last_order: Date.parse(range.end_date) / dayMilliseconds - Math.max(...times),
          };
        })
        .sort((a, b) => (a.customer_id < b.customer_id ? -1 : 1));

      const rows = [...builder.rows()].map(({ email: _, country: __, ...row }) => ({
        ...row,
        total_lifetime_value: new Big(row.total_lifetime_value).toFixed(4),
      }));
      expect(rows).toEqual(expected);

      const totals = builder.totals();
      expect(totals.orders).toBe(orders.length);
      expect(totals.orders_without_customer).toBe(orders.length - known.length);
      expect(totals.customers).toBe(expected.length);
      expect(sum(orders.map(({ total_amount }) => total_amount)).eq(totals.revenue)).toBe(true);
      expect(sum(known.map(({ total_amount }) => total_amount)).eq(totals.customer_revenue)).toBe(true);
      expect(sum([...builder.dailyRevenue()].map(({ revenue }) => revenue)).eq(totals.revenue)).toBe(true);
    }),
  );
});

test('product metrics equal a calculation over arrays, whatever the batches', () => {
  Big.DP = 40;
  const catalogue = [
    { product_id: 'p1', name: 'One', stock_on_hand: 0 },
    { product_id: 'p2', name: 'Two', stock_on_hand: 17 },
    { product_id: 'p3', name: 'Three', stock_on_hand: 4000 },
    { product_id: 'p4', name: 'Never sold', stock_on_hand: 5 },
  ];
  fc.assert(
    fc.property(fc.array(order, { maxLength: 40 }), fc.integer({ min: 1, max: 20 }), (orders, size) => {
      const builder = new ProductMetricsBuilder(range);
      builder.addProducts(catalogue);
      for (const batch of inBatches(orders, size)) builder.addOrders(batch);

      const lines = orders.flatMap(({ items }, index) => items.map((item) => ({ ...item, index })));
      const listed = [
        'p1',
        'p2',
        'p3',
        'p4',
        ...(lines.some((line) => line.product_id === 'unlisted') ? ['unlisted'] : []),
      ];
      const expected = listed.map((id) => {
        const own = lines.filter(({ product_id }) => product_id === id);
        const units = own.reduce((total, { quantity }) => total + quantity, 0);
        const revenue = own.reduce(
          (total, { quantity, price }) => total.plus(new Big(price).times(quantity)),
          new Big(0),
        );
        const product = catalogue.find(({ product_id }) => product_id === id);
        return {
          product_id: id,
          name: product?.name ?? null,
          units_sold: units,
          revenue: revenue.toFixed(4),
          order_count: new Set(own.map(({ index }) => index)).size,
          average_price: units === 0 ? null : revenue.div(units).toFixed(2, Big.roundHalfUp),
          stock_on_hand: product?.stock_on_hand ?? null,
          // The range has 31 + 15 days.
          days_of_stock: units === 0 || !product ? null : product.stock_on_hand / (units / 46),
        };
      });
      const rows = [...builder.rows()].map((row) => ({ ...row, revenue: new Big(row.revenue).toFixed(4) }));
      expect(rows).toEqual(expected);
    }),
  );
});

test.each([
  ['1000.00', 10, 'VIP'],
  ['999.9999', 10, 'Regular'],
  ['1000.00', 9, 'Regular'],
  ['500.00', 1, 'Regular'],
  ['0.01', 5, 'Regular'],
  ['499.99', 4, 'Occasional'],
  ['100.00', 1, 'Occasional'],
  ['0.01', 2, 'Occasional'],
  ['99.9999', 1, 'New'],
])('a customer with %s in %i orders is %s', (spent, orders, segment) => {
  expect(segmentOf(parseMoney(spent), orders)).toBe(segment);
});
