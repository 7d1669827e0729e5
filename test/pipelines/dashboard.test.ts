import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dashboardPage } from '../../lambdas/steps/customer_analytics/dashboard/dashboard-page.ts';
import { buildInsights } from '../../lambdas/steps/customer_analytics/insights/build-insights.ts';
import { TopList } from '../../lambdas/steps/customer_analytics/insights/top-list.ts';
import { trendOf } from '../../lambdas/steps/customer_analytics/insights/trend.ts';
import type {
  Charge,
  CustomerMetrics,
  DaySale,
  ProductMetrics,
  RecentDay,
} from '../../lambdas/steps/customer_analytics/metrics.ts';
import { periodsOf } from '../../lambdas/steps/customer_analytics/periods.ts';
import { sized } from '../support/sized.ts';

const range = { start_date: '2025-01-01', end_date: '2025-01-31' };
const origin = { pipeline: 'customer_analytics', run_id: 'run-1', started_at: '2025-02-01T01:00:07.000Z' };
const options = { currency: 'GBP', low_stock_days: 14, synthetic: [] };

const customer = (customer_id: string, value: string, more: Partial<CustomerMetrics> = {}): CustomerMetrics => ({
  customer_id,
  email: 'a@example.com',
  country: 'France',
  acquisition_date: '2024-05-01',
  customer_segment: 'Regular',
  total_orders: 5,
  total_lifetime_value: value,
  average_order_value: '10.00',
  order_frequency: 1.5,
  days_since_last_order: 3,
  ...more,
});

const product = (product_id: string, revenue: string, more: Partial<ProductMetrics> = {}): ProductMetrics => ({
  product_id,
  name: 'Mug',
  units_sold: 31,
  revenue,
  order_count: 4,
  average_price: '1.00',
  stock_on_hand: 100,
  days_of_stock: 100,
  ...more,
});

async function* stream<T>(...rows: T[]): AsyncGenerator<T[]> {
  for (const row of rows) yield [row];
}

const insightsOf = (customers: CustomerMetrics[], products: ProductMetrics[]) =>
  buildInsights(
    {
      totals: {
        orders: 9,
        orders_without_customer: 1,
        customers: customers.length,
        revenue: '100.005',
        customer_revenue: '90.00',
      },
      customers: stream(...customers),
      products: stream(...products),
      lines: { revenue: '90.004', shipping_and_fees: '10.001', history_days: 31 },
      charges: stream<Charge>({ code: 'POST', name: 'POSTAGE', units: 3, revenue: '10.001', order_count: 3 }),
      days: stream({ day: '2025-01-31', orders: 9, revenue: '100.005' }),
      recentDays: stream<RecentDay>({
        day: '2025-01-31',
        orders: 9,
        revenue: '100.005',
        orders_without_customer: 1,
        customers: customers.length,
      }),
      daySales: stream<DaySale>(
        ...products.map(({ product_id: code, name, revenue }) => ({
          code,
          name,
          revenue,
          units: 1,
          order_count: 1,
          is_product: true,
        })),
      ),
    },
    periodsOf({ date_range: range, history_days: 365 }),
    options,
  );

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

describe('the page', () => {
  const attacks = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</style><script>alert(1)</script>',
    '<!--',
    '&lt;script&gt;',
    '\u202egnp.exe\u0000',
    '\ud800',
    '${1+1} {{7*7}}',
  ];

  test.each(attacks)('%j stays text wherever it appears', async (text) => {
    const insights = await insightsOf(
      [customer(text, '5.00', { email: text, country: text })],
      [product(text, '5.00', { name: text, days_of_stock: 1 })],
    );
    const page = dashboardPage(insights, { ...origin, run_id: text });
    const tags = new Set([...page.matchAll(/<(\/?[a-zA-Z!][^\s>/]*)/g)].map(([, name]) => name?.toLowerCase()));
    for (const hostile of ['script', 'img', '/script', '!--']) expect(tags).not.toContain(hostile);
    expect(page).not.toMatch(/<[^>]*\son\w+=/i);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
    expect(page.isWellFormed()).toBe(true);
  });

  test('any name gives the same tags as a harmless one', async () => {
    const tagsWith = async (name: string): Promise<string> => {
      const insights = await insightsOf(
        [customer('1', '5.00', { email: name })],
        [product('1', '5.00', { name, days_of_stock: 1 })],
      );
      return (dashboardPage(insights, origin).match(/<[^>]*>/g) ?? []).join('');
    };
    const harmless = await tagsWith('x');
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async (name) => {
        fc.pre(name.trim() !== '');
        expect(await tagsWith(name)).toBe(harmless);
      }),
      { numRuns: sized(10, 50) },
    );
  });

  test('loads nothing from the network, and its policy allows its own style alone', async () => {
    const page = dashboardPage(await insightsOf([customer('1', '5.00')], [product('1', '5.00')]), origin);
    expect(page).not.toMatch(/https?:|src=|href=|url\(|@import/);
    const css = /<style>([\s\S]*)<\/style>/.exec(page)?.[1] ?? '';
    const digest = createHash('sha256').update(css).digest('base64');
    expect(page).toContain(`content="default-src &#39;none&#39;; style-src &#39;sha256-${digest}&#39;`);
    expect(page).not.toMatch(/ style=/);
  });

  test('puts an alarm before everything else, and gives no all-clear beside it', async () => {
    const insights = await insightsOf([], []);
    const alarms = [{ kind: 'no_orders', title: 'No orders', detail: 'None.', numbers: {} }] as const;
    const page = dashboardPage(
      { ...insights, dashboard: { ...insights.dashboard, alarms, recommendations: [] } },
      origin,
    );
    expect(page).toMatch(/<title>ALARM: /);
    expect(page).toMatch(/<main>\s*<section class="alarm" role="alert"><h2>Alarm: No orders</);
    expect(page).not.toContain('calls for action');
  });

  test('marks made-up figures where they stand', async () => {
    const rows = [[customer('1', '5.00')], [product('1', '5.00', { days_of_stock: 1 })]] as const;
    const real = await insightsOf([...rows[0]], [...rows[1]]);
    const marked = { ...real, dashboard: { ...real.dashboard, synthetic: ['emails', 'stock'] as const } };
    const page = dashboardPage(marked, origin);
    expect(page).toContain('<strong>Made-up figures:</strong> e-mail addresses, stock.');
    expect(page).toMatch(/In stock <span class="made-up">made up</);
    expect(page).toMatch(/Low stock <span class="made-up">made up</);
    expect(page).toContain('data-title="In stock (made up)"');
    expect(page).toMatch(/E-mail addresses: <span class="made-up">made up</);
    expect(dashboardPage(real, origin)).not.toMatch(/made up<|Made-up/);
  });

  test('shows that products, shipping and fees make up the revenue', async () => {
    const page = dashboardPage(await insightsOf([customer('1', '5.00')], [product('1', '5.00')]), origin);
    const [, rows = ''] = /id="charges".*?<tbody>(.*?)<\/tbody>/s.exec(page) ?? [];
    // 90.004 + 10.001 = 100.005, of which each is rounded.
    expect([...rows.matchAll(/£[\d.]+/g)].map(([amount]) => amount)).toEqual(['£90.00', '£10.00', '£0.01', '£100.01']);
    expect(page).toContain('POSTAGE');
  });

  test('gives each cell of a wide table its title, since a phone shows no head', async () => {
    const page = dashboardPage(await insightsOf([customer('1', '5.00')], [product('1', '5.00')]), origin);
    expect(page).toContain('<td data-title="Average order" class="number">£10.00</td>');
  });

  test('names its subject and its time', async () => {
    const page = dashboardPage(await insightsOf([], []), origin);
    for (const text of [
      'customer_analytics',
      'run-1',
      'Friday, 31 January 2025',
      '1 January 2025 – 31 January 2025',
      '1 February 2025, 01:00 UTC',
      '£100.01',
    ]) {
      expect(page).toContain(text);
    }
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
