import type { Day } from '../quantities/days.ts';
import type { Segment } from './insights/segments.ts';

/** A row of `customer_metrics`: one known user with at least one order in the range. Made by pipelines/customer_analytics/customer_metrics.sql; definitions: docs/customer-analytics.md. */
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

/** A row of `daily_revenue`: orders and revenue of one UTC day on which there was an order. */
export type DailyRevenue = { readonly day: Day; readonly orders: number; readonly revenue: string };

/** Totals of the range: the result of transform_customer_metrics. Every order counts in `orders` and `revenue`, those without a known user in `orders_without_customer` too. */
export type OrderTotals = {
  readonly orders: number;
  readonly orders_without_customer: number;
  readonly customers: number;
  readonly revenue: string;
  /** Of orders with a known user: the sum of all total_lifetime_value. */
  readonly customer_revenue: string;
};

/** A row of `product_metrics`: a product of the catalogue, or one that was sold without being in it (name and stock are then null). */
export type ProductMetrics = {
  readonly product_id: string;
  readonly name: string | null;
  readonly units_sold: number;
  readonly revenue: string;
  readonly order_count: number;
  /** Revenue per unit; null when nothing was sold. */
  readonly average_price: string | null;
  readonly stock_on_hand: number | null;
  /** How long the stock lasts at the range's pace; null when nothing was sold or the stock is not known. Not rounded. */
  readonly days_of_stock: number | null;
};
