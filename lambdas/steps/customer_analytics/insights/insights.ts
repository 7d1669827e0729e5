import type { DateRange, Day } from '../../quantities/days.ts';
import type { Granularity } from '../../quantities/periods.ts';
import type { Synthetic } from '../../synthetic.ts';
import type { Charge, CustomerMetrics, OrderTotals, ProductMetrics } from '../metrics.ts';
import type { DayReport } from './day-report.ts';
import type { RevenueByKind } from './revenue-by-kind.ts';
import type { Segment } from './segments.ts';

/** `dashboard.json`. Money is text with two decimals, rounded half up. Definitions: docs/customer-analytics.md. */
type Dashboard = {
  /** Reasons to distrust the figures or to act at once; possibly none. */
  readonly alarms: readonly Alarm[];
  /** Figures that stand-ins invented; none on real sources. */
  readonly synthetic: readonly Synthetic[];
  readonly day: DayReport;
  readonly range: SpanTotals;
  /** The days that all keys below measure. */
  readonly history: DateRange & { readonly days: number };
  readonly totals: OrderTotals;
  readonly revenue_by_kind: RevenueByKind;
  /** All four, from VIP to New. */
  readonly segments: readonly SegmentSummary[];
  readonly top_customers: readonly CustomerMetrics[];
  readonly top_products: readonly ProductMetrics[];
  readonly low_stock: readonly ProductMetrics[];
  readonly shipping_and_fees: readonly Charge[];
  readonly recommendations: readonly Recommendation[];
};

export type Alarm = {
  readonly kind: 'no_orders' | 'no_known_customer';
  readonly title: string;
  readonly detail: string;
  /** The figures behind the alarm. */
  readonly numbers: Readonly<Record<string, number | string | null>>;
};

/** Orders and revenue of the days of the input's range. */
export type SpanTotals = DateRange & { readonly days: number; readonly orders: number; readonly revenue: string };

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
  /** True if the advice follows from invented figures. */
  readonly synthetic: boolean;
};

/** `insights.json`: the dashboard, and the courses of revenue that its page draws. */
export type Insights = {
  readonly dashboard: Dashboard;
  /** The four weeks that end with the day, day by day. */
  readonly recent: Trend;
  /** The history. */
  readonly trend: Trend;
  readonly currency: string;
  readonly low_stock_days: number;
};

/** Revenue of every period that a range touches, without gaps. The range may cut the first and the last one. */
export type Trend = {
  readonly granularity: Granularity;
  readonly periods: readonly { readonly period: Day; readonly orders: number; readonly revenue: string }[];
};
