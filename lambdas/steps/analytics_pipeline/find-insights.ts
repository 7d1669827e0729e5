import { parseMoney, perUnit, units } from '../quantities/money.ts';
import type { Synthetic } from '../synthetic.ts';
import type { AggregatedMetrics } from './results.ts';

/** One finding with its figure. */
export type Insight = {
  readonly category: 'Revenue' | 'Inventory' | 'Customers';
  readonly finding: string;
  readonly metric: number | string;
  readonly recommendation: string;
};

/** Result of generate_insights. */
export type InsightReport = {
  readonly insights: readonly Insight[];
  /** Reasons to distrust the figures; possibly none. */
  readonly alarms: readonly string[];
  /** Figures that stand-ins invented. */
  readonly synthetic: readonly Synthetic[];
  readonly health_score: { readonly score: number; readonly max_score: number; readonly rating: string };
};

/** Revenue per customer and year from which the finding on customers is good. */
const goodRevenuePerCustomer = 500;
/** Revenue per unit of stock and year, in currency units, from which the stock is worth its place. */
const goodTurnover = 1;
const yearDays = 365;
const maxScore = 100;

/**
 * Derives findings from the figures: one per source. The health score adds points for each source in order (revenue 40, inventory 30, customers 30). A range
 * shorter than a year needs its share of the year's revenue. A range without orders is an alarm and scores nothing.
 */
export function findInsights(
  metrics: AggregatedMetrics,
  { currency, synthetic }: { readonly currency: string; readonly synthetic: readonly Synthetic[] },
): InsightReport {
  const perCustomer = parseMoney(metrics.revenue_per_customer);
  const days = Math.min(metrics.days, yearDays);
  const wellPaid = perCustomer * BigInt(yearDays) >= units(goodRevenuePerCustomer * days);
  const stocked = metrics.inventory_reorder_alerts === 0;
  const moving = metrics.inventory_turnover_indicator * yearDays >= goodTurnover * days;
  const growing = metrics.new_customers > 0;
  const orderValue =
    metrics.sales_transactions > 0 ? perUnit(parseMoney(metrics.total_revenue), metrics.sales_transactions) : '0.00';
  const insights: Insight[] = [
    {
      category: 'Revenue',
      finding: `${metrics.total_revenue} ${currency} from ${metrics.sales_transactions} orders of ${orderValue} on average; ${metrics.revenue_per_customer} per customer`,
      metric: metrics.revenue_per_customer,
      recommendation: wellPaid ? 'Customer spend is healthy' : 'Offer customers more of what goes with their orders',
    },
    {
      category: 'Inventory',
      finding: stocked
        ? `All products are above their reorder point; ${metrics.total_inventory_quantity} units in stock`
        : `${metrics.inventory_reorder_alerts} products are at or below their reorder point`,
      metric: metrics.inventory_reorder_alerts,
      recommendation: stocked ? 'Keep the reorder points as they are' : 'Place purchase orders for these products',
    },
    {
      category: 'Customers',
      finding: `${metrics.new_customers} of ${metrics.total_customers} customers are new in this range`,
      metric: metrics.new_customers,
      recommendation: growing ? 'Follow up on first orders' : 'No customer was won: review how people find the shop',
    },
  ];
  const sold = metrics.sales_transactions > 0;
  const score = !sold ? 0 : (wellPaid ? 40 : 0) + (stocked ? 20 : 0) + (moving ? 10 : 0) + (growing ? 30 : 0);
  return {
    alarms: sold ? [] : [`No orders in the ${metrics.days} days of the range: check the shop and the source`],
    synthetic,
    insights,
    health_score: { score, max_score: maxScore, rating: sold ? ratingOf(score) : 'No orders' },
  };
}

const ratingOf = (score: number): string =>
  score >= 80 ? 'Excellent' : score >= 60 ? 'Good' : score >= 40 ? 'Fair' : 'Needs improvement';
