import type { Day } from '../../quantities/days.ts';
import type { Granularity } from '../../quantities/periods.ts';
import type { CustomerMetrics, OrderTotals, ProductMetrics } from '../metrics.ts';
import type { Segment } from './segments.ts';

/** `dashboard.json`. Money is text with two decimals, rounded half up. Definitions: docs/customer-analytics.md. */
type Dashboard = {
  readonly totals: OrderTotals;
  /** All four, from VIP to New. */
  readonly segments: readonly SegmentSummary[];
  readonly top_customers: readonly CustomerMetrics[];
  readonly top_products: readonly ProductMetrics[];
  readonly low_stock: readonly ProductMetrics[];
  readonly recommendations: readonly Recommendation[];
};

export type SegmentSummary = {
  readonly segment: Segment;
  readonly customers: number;
  readonly revenue: string;
  /** Fraction of customer_revenue, rounded half up to 4 decimals; 0 without revenue. */
  readonly share: number;
};

export type Recommendation = {
  readonly kind: 'restock' | 'win_back' | 'second_order' | 'concentration' | 'attribution' | 'idle_stock';
  readonly priority: 'high' | 'medium' | 'low';
  readonly title: string;
  readonly detail: string;
  /** The figures behind the advice. */
  readonly numbers: Readonly<Record<string, number | string>>;
};

/** `insights.json`: the dashboard, and the revenue trend that its page draws. */
export type Insights = {
  readonly dashboard: Dashboard;
  readonly trend: Trend;
  readonly currency: string;
  readonly low_stock_days: number;
};

/** Revenue of every period that the range touches, without gaps. The range may cut the first and the last one. */
export type Trend = {
  readonly granularity: Granularity;
  readonly periods: readonly { readonly period: Day; readonly orders: number; readonly revenue: string }[];
};
