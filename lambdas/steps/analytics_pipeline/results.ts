import type { Day } from '../quantities/days.ts';
import type { Granularity } from '../quantities/periods.ts';

/** Result of transform_sales. The sums per period and per product are datasets. */
export type SalesResult = {
  readonly record_count: number;
  readonly total_revenue: string;
  readonly average_order_value: string | null;
  /** Sums of the order lines; exact. */
  readonly product_revenue: string;
  readonly shipping_and_fees: string;
  readonly granularity: Granularity;
  /** The period with the highest revenue, the earliest of equals; null without a sale. */
  readonly best_period: { readonly period: Day; readonly revenue: string } | null;
};

/** Result of transform_inventory. */
export type InventoryResult = {
  readonly record_count: number;
  readonly total_quantity_on_hand: number;
  /** Products with at most `reorder_point` units. */
  readonly reorder_alerts: number;
  readonly out_of_stock: number;
};

/** Result of transform_customers. */
export type CustomersResult = {
  /** Number of customers in the CRM. */
  readonly record_count: number;
  readonly new_customers: number;
  readonly countries: number;
};

/** Result of aggregate_metrics. */
export type AggregatedMetrics = {
  readonly source: string;
  readonly granularity: Granularity;
  /** Days of the range. */
  readonly days: number;
  /** Sum of all order totals, two decimals. */
  readonly total_revenue: string;
  /** The part of the order lines that sell products, and the part of all others; two decimals. */
  readonly product_revenue: string;
  readonly shipping_and_fees: string;
  /** Sum of stock_on_hand over all products. */
  readonly total_inventory_quantity: number;
  /** Number of customers in the CRM. */
  readonly total_customers: number;
  readonly new_customers: number;
  readonly sales_transactions: number;
  readonly inventory_reorder_alerts: number;
  /** total_revenue ÷ total_customers, half up to two decimals; 0.00 without customers. */
  readonly revenue_per_customer: string;
  /** total_revenue ÷ total_inventory_quantity, half up to four decimals; 0 without inventory. */
  readonly inventory_turnover_indicator: number;
  /** Number of sources behind the figures. Always all three: a missing one is an error. */
  readonly sources_included: number;
};
