import type { DateRange } from '../../quantities/days.ts';
import { centText, type Money, parseMoney, ratio } from '../../quantities/money.ts';
import { textOrder } from '../../quantities/text-order.ts';
import type { CustomerMetrics, DailyRevenue, OrderTotals, ProductMetrics } from '../metrics.ts';
import type { Insights, SegmentSummary } from './insights.ts';
import { RecommendationFigures, recommendationsFrom } from './recommendations.ts';
import { type Segment, segments } from './segments.ts';
import { TopList } from './top-list.ts';
import { trendOf } from './trend.ts';

/** The thresholds that `initialization` of generate_insights sets. */
export interface InsightOptions {
  /** ISO 4217; the currency of the sources' amounts. */
  readonly currency: string;
  /** A sold product is low on stock if its days_of_stock are fewer. */
  readonly low_stock_days: number;
}

/** The metrics as streams of batches, in any order. */
export interface InsightSources {
  readonly totals: OrderTotals;
  readonly customers: AsyncIterable<readonly CustomerMetrics[]>;
  readonly products: AsyncIterable<readonly ProductMetrics[]>;
  readonly days: AsyncIterable<readonly DailyRevenue[]>;
}

const topSize = 10;

/** Reads all metrics once and keeps the parts that people see: sums per segment, the ten best, low stock, and the advice. */
export async function buildInsights(
  sources: InsightSources,
  range: DateRange,
  options: InsightOptions,
): Promise<Insights> {
  const figures = new RecommendationFigures(options.low_stock_days);
  const bySegment = new Map<Segment, { customers: number; revenue: Money }>();
  for (const segment of segments) bySegment.set(segment, { customers: 0, revenue: 0n });
  const topCustomers = new TopList<CustomerMetrics>(topSize, byValue);
  for await (const batch of sources.customers) {
    for (const customer of batch) {
      const sum = bySegment.get(customer.customer_segment);
      if (sum === undefined) throw new RangeError(`unknown segment ${customer.customer_segment}`);
      sum.customers += 1;
      sum.revenue += parseMoney(customer.total_lifetime_value);
      topCustomers.add(customer);
      figures.addCustomer(customer);
    }
  }

  const topProducts = new TopList<ProductMetrics>(topSize, byRevenue);
  const lowStock: ProductMetrics[] = [];
  for await (const batch of sources.products) {
    for (const product of batch) {
      if (product.units_sold > 0) topProducts.add(product);
      if (product.days_of_stock !== null && product.days_of_stock < options.low_stock_days) lowStock.push(product);
      figures.addProduct(product);
    }
  }
  lowStock.sort(byUrgency);

  const days: DailyRevenue[] = [];
  for await (const batch of sources.days) days.push(...batch);

  const customerRevenue = parseMoney(sources.totals.customer_revenue);
  const summaries = [...bySegment].map(
    ([segment, { customers, revenue }]): SegmentSummary => ({
      segment,
      customers,
      revenue: centText(revenue),
      share: customerRevenue > 0n ? Number(ratio(revenue, customerRevenue, 4)) : 0,
    }),
  );
  const facts = { totals: sources.totals, topCustomers: topCustomers.items, lowStock, currency: options.currency };
  return {
    dashboard: {
      totals: {
        ...sources.totals,
        revenue: cents(sources.totals.revenue),
        customer_revenue: cents(sources.totals.customer_revenue),
      },
      segments: summaries,
      top_customers: topCustomers.items.map((row) => ({
        ...row,
        total_lifetime_value: cents(row.total_lifetime_value),
      })),
      top_products: topProducts.items.map(inCents),
      low_stock: lowStock.map(inCents),
      recommendations: recommendationsFrom(figures, facts),
    },
    trend: trendOf(days, range),
    ...options,
  };
}

const byValue = (a: CustomerMetrics, b: CustomerMetrics): number =>
  descending(a.total_lifetime_value, b.total_lifetime_value) || textOrder(a.customer_id, b.customer_id);

const byRevenue = (a: ProductMetrics, b: ProductMetrics): number =>
  descending(a.revenue, b.revenue) || textOrder(a.product_id, b.product_id);

/** Products by the day on which they run out, soonest first; among equals, higher revenue first. */
const byUrgency = (a: ProductMetrics, b: ProductMetrics): number =>
  (a.days_of_stock ?? 0) - (b.days_of_stock ?? 0) || byRevenue(a, b);

const descending = (a: string, b: string): number => {
  const difference = parseMoney(b) - parseMoney(a);
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
};

const cents = (text: string): string => centText(parseMoney(text));

const inCents = (row: ProductMetrics): ProductMetrics => ({ ...row, revenue: cents(row.revenue) });
