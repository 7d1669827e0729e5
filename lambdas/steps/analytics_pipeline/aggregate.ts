import { PermanentError } from 'daybreak';
import { daysIn } from '../quantities/days.ts';
import { centText, parseMoney, perUnit, ratio, units } from '../quantities/money.ts';
import { type AnalyticsInput, dateRangeOf } from './input.ts';
import type { AggregatedMetrics, CustomersResult, InventoryResult, SalesResult } from './results.ts';

/** The results of the three transforms; undefined for a transform without a result. */
export interface Transformed {
  readonly transform_sales: SalesResult | undefined;
  readonly transform_inventory: InventoryResult | undefined;
  readonly transform_customers: CustomersResult | undefined;
}

/**
 * The combined figures of all three sources:
 * revenue_per_customer = total_revenue ÷ total_customers, inventory_turnover_indicator = total_revenue ÷ total_inventory_quantity.
 * Each is 0 if its divisor is 0. A source without a result is a PermanentError that names it.
 */
export function aggregate(transformed: Transformed, input: AnalyticsInput): AggregatedMetrics {
  const { transform_sales: sales, transform_inventory: inventory, transform_customers: customers } = transformed;
  if (!sales || !inventory || !customers) {
    const missing = Object.entries(transformed).flatMap(([step, result]) => (result ? [] : [step]));
    throw new PermanentError(`no result of ${missing.join(', ')}: all three sources are needed`);
  }
  const revenue = parseMoney(sales.total_revenue);
  const quantity = inventory.total_quantity_on_hand;
  return {
    source: input.source,
    granularity: input.granularity,
    days: daysIn(dateRangeOf(input)),
    total_revenue: centText(revenue),
    product_revenue: centText(parseMoney(sales.product_revenue)),
    shipping_and_fees: centText(parseMoney(sales.shipping_and_fees)),
    total_inventory_quantity: quantity,
    total_customers: customers.record_count,
    new_customers: customers.new_customers,
    sales_transactions: sales.record_count,
    inventory_reorder_alerts: inventory.reorder_alerts,
    revenue_per_customer: customers.record_count > 0 ? perUnit(revenue, customers.record_count) : '0.00',
    inventory_turnover_indicator: quantity > 0 ? Number(ratio(revenue, units(quantity), 4)) : 0,
    sources_included: Object.keys(transformed).length,
  };
}
