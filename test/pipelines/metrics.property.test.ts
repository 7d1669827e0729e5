import Big from 'big.js';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { orderColumns } from '../../lambdas/steps/connectors/extract-orders.ts';
import { productColumns } from '../../lambdas/steps/connectors/load-products.ts';
import { userColumns } from '../../lambdas/steps/connectors/read-users.ts';
import { sized } from '../support/sized.ts';
import { PipelineQueries } from './pipeline-queries.ts';

const range = { start_date: '2025-03-01', end_date: '2025-04-15' };
const dayMilliseconds = 86_400_000;
/** The last two sort in the other order by their UTF-16 code units. */
const ids = ['a', 'B', '9', '10', 'é', '\uff5e', '\u{1f600}'];

const amount = (min: number, max: number) =>
  fc.integer({ min, max }).map((digits) => new Big(digits).div(10_000).toFixed(4));

const order = fc.record({
  customer_id: fc.option(fc.constantFrom(...ids, 'gone'), { nil: null }),
  order_date: fc
    .integer({ min: Date.parse(range.start_date), max: Date.parse(range.end_date) + dayMilliseconds - 1 })
    .map((time) => new Date(time).toISOString()),
  total_amount: fc.oneof(amount(1, 99_999_999), amount(-40_000, 40_000)),
  items: fc.array(
    fc.record({
      product_id: fc.constantFrom('p0001', 'p0002', 'p0003', 'x9999', 'POST', 'C2', 'DCGSSGIRL'),
      quantity: fc.integer({ min: 0, max: 500 }),
      price: fc.oneof(amount(1, 999_999), amount(1, 200)),
    }),
    { maxLength: 6 },
  ),
});

interface Line {
  readonly product_id: string;
  readonly quantity: number;
  readonly price: string;
  /** The order's place. */
  readonly index: number;
}

const numbered = (orders: readonly object[]) => orders.map((one, index) => ({ order_id: `o${index}`, ...one }));
const sum = (texts: readonly unknown[]): Big =>
  texts.reduce((total: Big, text) => total.plus(String(text)), new Big(0));
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
/** Big writes -0.00 for a value that rounds to zero. */
const cents = (value: Big): string => value.toFixed(2, Big.roundHalfUp).replace(/^-0\.00$/, '0.00');

let queries: PipelineQueries;
beforeAll(async () => {
  Big.DP = 40;
  queries = await PipelineQueries.open('pipelines/customer_analytics.yaml');
});
afterAll(() => queries?.close());

const run = async (step: string, orders: readonly { readonly order_date: string }[]) => {
  const all = numbered(orders);
  await queries.define('extract_orders.orders', orderColumns, all);
  const recent = all.filter((_, index) => (orders[index]?.order_date ?? '') >= '2025-04-08');
  await queries.define('extract_orders.recent_orders', orderColumns, recent);
  // The range has 31 + 15 days.
  return queries.run(step, { date_range: range }, { extract_orders: { history_days: 46 } });
};

test('customer metrics equal a calculation over arrays', async () => {
  const user = (id: string) => ({
    user_id: id,
    email: `${id}@x`,
    country: 'X',
    created_at: '2024-12-31T23:59:59.999Z',
  });
  await queries.define('extract_users.users', userColumns, ids.map(user));
  await fc.assert(
    fc.asyncProperty(fc.array(order, { maxLength: 60 }), async (orders) => {
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
            email: `${id}@x`,
            country: 'X',
            acquisition_date: '2024-12-31',
            customer_segment: vip ? 'VIP' : regular ? 'Regular' : occasional ? 'Occasional' : 'New',
            total_orders: count,
            total_lifetime_value: value.toFixed(4),
            average_order_value: cents(value.div(count)),
            order_frequency: count < 2 || span === 0 ? 0 : (count - 1) / (span / 30),
            days_since_last_order: Date.parse(range.end_date) / dayMilliseconds - Math.max(...times),
          };
        })
        .sort((a, b) => byBytes(a.customer_id, b.customer_id));

      const { datasets, result } = await run('transform_customer_metrics', orders);
      expect(datasets.customer_metrics).toEqual(expected);
      expect(result).toMatchObject({
        orders: orders.length,
        orders_without_customer: orders.length - known.length,
        customers: expected.length,
      });
      expect(sum(orders.map(({ total_amount }) => total_amount)).eq(String(result.revenue))).toBe(true);
      expect(sum(known.map(({ total_amount }) => total_amount)).eq(String(result.customer_revenue))).toBe(true);
      const recent = (datasets.recent_days ?? []).map(({ day }) => day);
      expect(recent).toEqual(
        [...new Set(orders.map(({ order_date }) => order_date.slice(0, 10)))]
          .filter((day) => day >= '2025-04-08')
          .sort(),
      );
      for (const { day, orders: count, revenue, customers, orders_without_customer } of datasets.recent_days ?? []) {
        const on = (one: { order_date: string }) => one.order_date.startsWith(String(day));
        const own = known.filter(on);
        expect(count).toBe(orders.filter(on).length);
        expect(revenue).toBe(sum(orders.filter(on).map(({ total_amount }) => total_amount)).toFixed(4));
        expect(customers).toBe(new Set(own.map(({ customer_id }) => customer_id)).size);
        expect(orders_without_customer).toBe(orders.filter(on).length - own.length);
      }
      const days = datasets.daily_revenue ?? [];
      expect(days.map(({ day }) => day)).toEqual(
        [...new Set(orders.map(({ order_date }) => order_date.slice(0, 10)))].sort(),
      );
      for (const { day, orders: count, revenue } of days) {
        const own = orders.filter(({ order_date }) => order_date.startsWith(String(day)));
        expect(count).toBe(own.length);
        expect(revenue).toBe(sum(own.map(({ total_amount }) => total_amount)).toFixed(4));
      }
    }),
    { numRuns: sized(8, 100) },
  );
});

test('product metrics equal a calculation over arrays', async () => {
  const catalogue = [
    { product_id: 'p0001', name: 'One', stock_on_hand: 0 },
    { product_id: 'p0002', name: 'Two', stock_on_hand: 17 },
    { product_id: 'p0003', name: 'Three', stock_on_hand: 4000 },
    { product_id: 'p0004', name: 'Never sold', stock_on_hand: 5 },
    { product_id: 'POST', name: 'Postage', stock_on_hand: 9 },
    { product_id: 'M', name: 'Manual, never used', stock_on_hand: 9 },
  ];
  await queries.define('extract_products.products', productColumns, catalogue);
  await fc.assert(
    fc.asyncProperty(fc.array(order, { maxLength: 40 }), async (orders) => {
      const lines: readonly Line[] = orders.flatMap(({ items }, index) => items.map((item) => ({ ...item, index })));
      const sumsOf = (id: string, of: readonly Line[] = lines) => {
        const own = of.filter(({ product_id }) => product_id === id);
        return {
          units: own.reduce((total, { quantity }) => total + quantity, 0),
          revenue: sum(own.map(({ price, quantity }) => new Big(price).times(quantity).toFixed())),
          orders: new Set(own.map(({ index }) => index)).size,
        };
      };
      const sold = new Set(lines.map(({ product_id }) => product_id));
      const unlisted = ['DCGSSGIRL', 'x9999'].filter((id) => sold.has(id));
      const expected = [...unlisted, 'p0001', 'p0002', 'p0003', 'p0004'].sort(byBytes).map((id) => {
        const { units, revenue, orders } = sumsOf(id);
        const product = catalogue.find(({ product_id }) => product_id === id);
        return {
          product_id: id,
          name: product?.name ?? null,
          units_sold: units,
          revenue: revenue.toFixed(4),
          order_count: orders,
          average_price: units === 0 ? null : cents(revenue.div(units)),
          stock_on_hand: product?.stock_on_hand ?? null,
          days_of_stock: units === 0 || !product ? null : product.stock_on_hand / (units / 46),
        };
      });
      const charge = (id: string, of: readonly Line[] = lines) => {
        const { units, revenue, orders } = sumsOf(id, of);
        const name = catalogue.find(({ product_id }) => product_id === id)?.name ?? null;
        return { code: id, name, units, revenue: revenue.toFixed(4), order_count: orders };
      };
      const ofDay = lines.filter(({ index }) => orders[index]?.order_date.startsWith(range.end_date));
      const { datasets, result } = await run('transform_product_metrics', orders);
      expect(datasets.product_metrics).toEqual(expected);
      expect(datasets.shipping_and_fees).toEqual(['C2', 'POST'].filter((id) => sold.has(id)).map((id) => charge(id)));
      expect(datasets.day_sales).toEqual(
        [...new Set(ofDay.map(({ product_id }) => product_id))]
          .sort(byBytes)
          .map((id) => ({ ...charge(id, ofDay), is_product: id !== 'C2' && id !== 'POST' })),
      );
      expect(result).toMatchObject({
        products: 4,
        products_sold: [...sold].filter((id) => id !== 'C2' && id !== 'POST').length,
        products_unknown: unlisted.length,
        units_sold: expected.reduce((total, { units_sold }) => total + units_sold, 0),
        history_days: 46,
      });
      expect(sum(expected.map(({ revenue }) => revenue)).eq(String(result.revenue))).toBe(true);
      const all = sum(lines.map(({ price, quantity }) => new Big(price).times(quantity).toFixed()));
      expect(all.eq(new Big(String(result.revenue)).plus(String(result.shipping_and_fees)))).toBe(true);
    }),
    { numRuns: sized(8, 100) },
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
])('a customer with %s in %i orders is %s', async (spent, orders, segment) => {
  const one = (total_amount: string) => ({
    customer_id: 'a',
    order_date: '2025-03-01T00:00:00.000Z',
    total_amount,
    items: [],
  });
  const others = Array.from({ length: orders - 1 }, () => one('0'));
  const { datasets } = await run('transform_customer_metrics', [one(spent), ...others]);
  expect(datasets.customer_metrics?.map(({ customer_segment }) => customer_segment)).toEqual([segment]);
});
