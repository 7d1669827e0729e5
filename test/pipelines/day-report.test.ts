import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { alarmsFrom } from '../../lambdas/steps/customer_analytics/insights/alarms.ts';
import { dayReport } from '../../lambdas/steps/customer_analytics/insights/day-report.ts';
import { revenueByKind } from '../../lambdas/steps/customer_analytics/insights/revenue-by-kind.ts';
import type { DaySale, RecentDay } from '../../lambdas/steps/customer_analytics/metrics.ts';
import { historySince, periodsOf } from '../../lambdas/steps/customer_analytics/periods.ts';
import { syntheticFigures } from '../../lambdas/steps/synthetic.ts';
import { scheduleInput } from '../../lib/input/schedule-input.ts';

const inputOf = (start_date: string, end_date: string) => ({
  date_range: { start_date, end_date },
  history_days: 365,
});

async function* stream<T>(...rows: T[]): AsyncGenerator<T[]> {
  yield rows;
}

describe('the periods of a run', () => {
  test('the nightly start reports yesterday, over the 365 days that end with it', async () => {
    const template = parse(await readFile('pipelines/customer_analytics.yaml', 'utf8'));
    const { schedule, input_schema } = template;
    const { input } = await scheduleInput(schedule.input, {
      scheduledTime: '2025-03-05T01:00:00Z',
      timezone: schedule.timezone,
    });
    const history_days = input_schema.properties.history_days.default;
    expect(periodsOf({ history_days, ...input } as Parameters<typeof periodsOf>[0])).toMatchObject({
      day: '2025-03-04',
      history: { start_date: '2024-03-05', end_date: '2025-03-04' },
    });
  });

  test('a day is measured against the 365 days that end with it', () => {
    expect(periodsOf(inputOf('2025-03-04', '2025-03-04'))).toMatchObject({
      day: '2025-03-04',
      history: { start_date: '2024-03-05', end_date: '2025-03-04' },
      recent: { start_date: '2025-02-25', end_date: '2025-03-04' },
    });
  });

  test('a range of 28 days is its own history, one of 27 days is not', () => {
    const february = { start_date: '2025-02-01', end_date: '2025-02-28' };
    expect(periodsOf(inputOf('2025-02-01', '2025-02-28')).history).toEqual(february);
    expect(periodsOf(inputOf('2025-02-02', '2025-02-28')).history.start_date).toBe('2024-03-01');
  });

  test('the history of a short range begins with the first order at the earliest', () => {
    const day = inputOf('2025-03-04', '2025-03-04');
    expect(historySince(day, '2025-01-01').start_date).toBe('2025-01-01');
    expect(historySince(day, null).start_date).toBe('2024-03-05');
    expect(historySince(inputOf('2025-01-01', '2025-03-04'), '2025-02-01').start_date).toBe('2025-01-01');
  });

  test('a range that ends before it begins is a PermanentError', () => {
    expect(() => periodsOf(inputOf('2025-03-04', '2025-03-03'))).toThrow('ends (2025-03-03) before it begins');
  });
});

describe('the reported day', () => {
  const day = (day: string, orders: number, revenue: string, customers: number): RecentDay => ({
    day,
    orders,
    revenue,
    customers,
    orders_without_customer: 0,
  });
  const sale = (code: string, revenue: string, is_product: boolean): DaySale => ({
    code,
    name: code,
    units: 1,
    order_count: 1,
    revenue,
    is_product,
  });

  test('stands beside the day before and the same weekday, with changes from exact values', async () => {
    const report = await dayReport(
      '2025-03-04',
      stream(
        day('2025-03-03', 3, '10.0000', 2),
        day('2025-02-25', 8, '80.0000', 8),
        day('2025-03-04', 4, '20.0050', 1),
      ),
      stream(sale('P1001', '15.0000', true), sale('POST', '5.0050', false), sale('P1002', '0.0000', true)),
    );
    expect(report).toMatchObject({ orders: 4, revenue: '20.01', average_order_value: '5.00', customers: 1 });
    // 20.005 ÷ 10 = 2.0005; 4 ÷ 3; 1 ÷ 2; (20.005 ÷ 4) ÷ (10 ÷ 3) = 1.500375
    expect(report.compared[0]).toMatchObject({
      with: 'day_before',
      day: '2025-03-03',
      change: { revenue: 1.0005, orders: 0.3333, customers: -0.5, average_order_value: 0.5004 },
    });
    // 20.005 ÷ 80 = 0.2500625; 0.5; 1 ÷ 8; 5.00125 ÷ 10
    expect(report.compared[1]).toMatchObject({
      with: 'same_weekday',
      day: '2025-02-25',
      change: { revenue: -0.7499, orders: -0.5, customers: -0.875, average_order_value: -0.4999 },
    });
    expect(report.top_products.map(({ code }) => code)).toEqual(['P1001', 'P1002']);
    expect(report.revenue_by_kind).toEqual({ products: '15.00', shipping_and_fees: '5.01', other: '0.00' });
  });

  test('has no change from a day without an order', async () => {
    const { compared } = await dayReport('2025-03-04', stream(day('2025-03-04', 4, '20.00', 1)), stream());
    const nothing = { revenue: null, orders: null, customers: null, average_order_value: null };
    expect(compared.map(({ change, orders }) => ({ change, orders }))).toEqual([
      { change: nothing, orders: 0 },
      { change: nothing, orders: 0 },
    ]);
  });

  test('without an order has zeros and no average', async () => {
    const report = await dayReport('2025-03-04', stream(day('2025-03-03', 2, '20.00', 1)), stream());
    expect(report).toMatchObject({ orders: 0, revenue: '0.00', average_order_value: null, top_products: [] });
    expect(report.compared[0]?.change).toEqual({
      revenue: -1,
      orders: -1,
      customers: -1,
      average_order_value: null,
    });
  });
});

test.each([
  ['100.00', '90.00', '10.00', '0.00'],
  // An order total may have a discount that no line has.
  ['95.00', '90.00', '10.00', '-5.00'],
  // Rounded one by one, the parts would make 0.02.
  ['0.0100', '0.0050', '0.0050', '-0.01'],
])('revenue of %s from products of %s and charges of %s leaves %s', (revenue, products, charges, other) => {
  expect(revenueByKind(revenue, products, charges).other).toBe(other);
});

describe('alarms', () => {
  const totals = { orders: 9, orders_without_customer: 0, customers: 3, revenue: '9.00', customer_revenue: '9.00' };
  const of = (start: string, end: string, orderDays: readonly string[]) =>
    alarmsFrom({ periods: periodsOf(inputOf(start, end)), orderDays: new Set(orderDays), totals });

  test('there is none on a day with orders', () => expect(of('2025-03-04', '2025-03-04', ['2025-03-04'])).toEqual([]));

  test('a day without orders: says when the last order was, and whether such weekdays have orders', () => {
    const [alarm] = of('2025-03-04', '2025-03-04', ['2025-02-18', '2025-02-25', '2025-03-03']);
    expect(alarm).toMatchObject({ kind: 'no_orders', title: 'No orders on Tuesday, 4 March 2025' });
    expect(alarm?.detail).toContain(
      'The last order was on Monday, 3 March 2025, 1 day before. Of the three Tuesdays before, 2 had orders.',
    );
    const [closed] = of('2025-03-01', '2025-03-01', ['2025-02-28']);
    expect(closed?.detail).toContain('The three Saturdays before had none either.');
  });

  test('a range without orders, and a history without orders, are named as a whole', () => {
    expect(of('2025-03-01', '2025-03-04', ['2025-02-28'])[0]).toMatchObject({
      title: 'No orders from 1 March 2025 to 4 March 2025',
      numbers: { start_date: '2025-03-01', end_date: '2025-03-04', last_order_day: '2025-02-28' },
    });
    expect(of('2025-03-04', '2025-03-04', [])[0]).toMatchObject({
      title: 'No orders from 5 March 2024 to 4 March 2025',
      numbers: { last_order_day: null },
    });
  });

  test('orders of which the CRM knows no customer', () => {
    const periods = periodsOf(inputOf('2025-03-04', '2025-03-04'));
    const unknown = alarmsFrom({ periods, orderDays: new Set(['2025-03-04']), totals: { ...totals, customers: 0 } });
    expect(unknown.map(({ kind, title }) => [kind, title])).toEqual([
      ['no_known_customer', 'The CRM knows no customer of 9 orders'],
    ]);
  });
});

test('invented figures are a list of known names', () => {
  expect(syntheticFigures('')).toEqual([]);
  expect(syntheticFigures('emails,stock,stock')).toEqual(['emails', 'stock']);
  expect(() => syntheticFigures('weather')).toThrow('SYNTHETIC_FIGURES is "weather"');
});
