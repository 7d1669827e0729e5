import { type DateRange, daysIn } from '../../quantities/days.ts';
import { centText, parseMoney } from '../../quantities/money.ts';
import { textOrder } from '../../quantities/text-order.ts';
import type { Synthetic } from '../../synthetic.ts';
import type {
  Charge,
  CustomerMetrics,
  DailyRevenue,
  DaySale,
  LineTotals,
  OrderTotals,
  ProductMetrics,
  RecentDay,
} from '../metrics.ts';
import { lastDays, type Periods } from '../periods.ts';
import { alarmsFrom } from './alarms.ts';
import { dayReport } from './day-report.ts';
import type { Insights, SpanTotals } from './insights.ts';
import { RecommendationFigures, recommendationsFrom } from './recommendations.ts';
import { revenueByKind } from './revenue-by-kind.ts';
import { SegmentSums } from './segment-sums.ts';
import { TopList } from './top-list.ts';
import { trendOf } from './trend.ts';

/** Settings of generate_insights, and what it knows of its sources. */
export interface InsightOptions {
  /** ISO 4217; the currency of the sources' amounts. */
  readonly currency: string;
  /** A sold product is low on stock if its days_of_stock are fewer. */
  readonly low_stock_days: number;
  readonly synthetic: readonly Synthetic[];
}

/** The metrics as streams of batches, in any order. */
export interface InsightSources {
  readonly totals: OrderTotals;
  readonly lines: LineTotals;
  readonly customers: AsyncIterable<readonly CustomerMetrics[]>;
  readonly products: AsyncIterable<readonly ProductMetrics[]>;
  readonly charges: AsyncIterable<readonly Charge[]>;
  readonly days: AsyncIterable<readonly DailyRevenue[]>;
  readonly recentDays: AsyncIterable<readonly RecentDay[]>;
  readonly daySales: AsyncIterable<readonly DaySale[]>;
}

const topSize = 10;

/** Reads all metrics once and keeps the parts that people see: the day, sums per segment, the ten best, low stock, alarms and advice. */
export async function buildInsights(
  sources: InsightSources,
  periods: Periods,
  options: InsightOptions,
): Promise<Insights> {
  const { totals, lines } = sources;
  const { currency, low_stock_days, synthetic } = options;
  const figures = new RecommendationFigures(low_stock_days);
  const segments = new SegmentSums();
  const topCustomers = new TopList<CustomerMetrics>(topSize, byValue);
  for await (const batch of sources.customers) {
    for (const customer of batch) {
      segments.add(customer);
      topCustomers.add(customer);
      figures.addCustomer(customer);
    }
  }

  const topProducts = new TopList<ProductMetrics>(topSize, byRevenue);
  const lowStock: ProductMetrics[] = [];
  for await (const batch of sources.products) {
    for (const product of batch) {
      if (product.units_sold > 0) topProducts.add(product);
      if (product.days_of_stock !== null && product.days_of_stock < low_stock_days) lowStock.push(product);
      figures.addProduct(product);
    }
  }
  lowStock.sort(byUrgency);
  const charges = (await all(sources.charges)).sort(byRevenueOfCharge);
  const days = await all(sources.days);

  const history = { ...periods.history, days: daysIn(periods.history) };
  const facts = { totals, days: history.days, topCustomers: topCustomers.items, lowStock, currency, synthetic };
  const recent = lastDays(periods.day, 28);
  return {
    dashboard: {
      alarms: alarmsFrom({ periods, orderDays: new Set(days.map(({ day }) => day)), totals }),
      synthetic,
      day: await dayReport(periods.day, sources.recentDays, sources.daySales),
      range: spanTotals(days, periods.range),
      history,
      totals: { ...totals, revenue: cents(totals.revenue), customer_revenue: cents(totals.customer_revenue) },
      revenue_by_kind: revenueByKind(totals.revenue, lines.revenue, lines.shipping_and_fees),
      segments: segments.summaries(parseMoney(totals.customer_revenue)),
      top_customers: topCustomers.items.map((row) => ({
        ...row,
        total_lifetime_value: cents(row.total_lifetime_value),
      })),
      top_products: topProducts.items.map(inCents),
      low_stock: lowStock.map(inCents),
      shipping_and_fees: charges.map(inCents),
      recommendations: recommendationsFrom(figures, facts),
    },
    recent: trendOf(within(days, recent), recent),
    trend: trendOf(days, periods.history),
    currency,
    low_stock_days,
  };
}

const all = async <Row>(batches: AsyncIterable<readonly Row[]>): Promise<Row[]> => {
  const rows: Row[] = [];
  for await (const batch of batches) rows.push(...batch);
  return rows;
};

const within = (days: readonly DailyRevenue[], { start_date, end_date }: DateRange): DailyRevenue[] =>
  days.filter(({ day }) => day >= start_date && day <= end_date);

const spanTotals = (days: readonly DailyRevenue[], range: DateRange): SpanTotals => {
  const own = within(days, range);
  return {
    ...range,
    days: daysIn(range),
    orders: own.reduce((sum, { orders }) => sum + orders, 0),
    revenue: centText(own.reduce((sum, { revenue }) => sum + parseMoney(revenue), 0n)),
  };
};

const byValue = (a: CustomerMetrics, b: CustomerMetrics): number =>
  descending(a.total_lifetime_value, b.total_lifetime_value) || textOrder(a.customer_id, b.customer_id);

const byRevenue = (a: ProductMetrics, b: ProductMetrics): number =>
  descending(a.revenue, b.revenue) || textOrder(a.product_id, b.product_id);

const byRevenueOfCharge = (a: Charge, b: Charge): number =>
  descending(a.revenue, b.revenue) || textOrder(a.code, b.code);

/** Products by the day on which they run out, soonest first; among equals, higher revenue first. */
const byUrgency = (a: ProductMetrics, b: ProductMetrics): number =>
  (a.days_of_stock ?? 0) - (b.days_of_stock ?? 0) || byRevenue(a, b);

const descending = (a: string, b: string): number => {
  const difference = parseMoney(b) - parseMoney(a);
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
};

const cents = (text: string): string => centText(parseMoney(text));

const inCents = <Row extends { readonly revenue: string }>(row: Row): Row => ({ ...row, revenue: cents(row.revenue) });
