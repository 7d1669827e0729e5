import type { Day } from '../quantities/days.ts';
import type { Segment } from './insights/segments.ts';

/**
 * A row of `customer_metrics`: one known user with at least one order in the history. Source: pipelines/customer_analytics/customer_metrics.sql. Definitions:
 * docs/customer-analytics.md.
 */
export type CustomerMetrics = {
  readonly customer_id: string;
  readonly email: string;
  readonly country: string;
  readonly acquisition_date: Day;
  readonly customer_segment: Segment;
  readonly total_orders: number;
  readonly total_lifetime_value: string;
  readonly average_order_value: string;
  /** Further orders per 30 days between the first and the last order day; not rounded. */
  readonly order_frequency: number;
  readonly days_since_last_order: number;
};

/** A row of `daily_revenue`: orders and revenue of one UTC day of the history with at least one order. */
export type DailyRevenue = { readonly day: Day; readonly orders: number; readonly revenue: string };

/** A row of `recent_days`: one of the last eight days, if it has an order. */
export type RecentDay = DailyRevenue & { readonly orders_without_customer: number; readonly customers: number };

/**
 * Totals of the history: the result of transform_customer_metrics. `orders` and `revenue` count every order; `orders_without_customer` counts those without a
 * known user.
 */
export type OrderTotals = {
  readonly orders: number;
  readonly orders_without_customer: number;
  readonly customers: number;
  readonly revenue: string;
  /** Of orders with a known user: the sum of all total_lifetime_value. */
  readonly customer_revenue: string;
};

/** A row of `product_metrics`: a product of the catalogue, or a sold product that the catalogue lacks (name and stock are then null). */
export type ProductMetrics = {
  readonly product_id: string;
  readonly name: string | null;
  readonly units_sold: number;
  readonly revenue: string;
  readonly order_count: number;
  /** Revenue per unit; null without a sale. */
  readonly average_price: string | null;
  readonly stock_on_hand: number | null;
  /** Days that the stock lasts at the history's pace; null without a sale or with unknown stock. Not rounded. */
  readonly days_of_stock: number | null;
};

/** A row of `shipping_and_fees`: a code on order lines of the history that is no product. */
export type Charge = {
  /** Empty for lines without a code. */
  readonly code: string;
  readonly name: string | null;
  readonly units: number;
  readonly revenue: string;
  readonly order_count: number;
};

/** A row of `day_sales`: a code on the order lines of the day. */
export type DaySale = Charge & { readonly is_product: boolean };

/** Sums of the order lines of the history, and its days: the part of transform_product_metrics' result that the dashboard shows. */
export type LineTotals = {
  readonly revenue: string;
  readonly shipping_and_fees: string;
  readonly history_days: number;
};
