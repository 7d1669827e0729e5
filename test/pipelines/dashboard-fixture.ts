import { buildInsights } from '../../lambdas/steps/customer_analytics/insights/build-insights.ts';
import type {
  Charge,
  CustomerMetrics,
  DaySale,
  ProductMetrics,
  RecentDay,
} from '../../lambdas/steps/customer_analytics/metrics.ts';
import { periodsOf } from '../../lambdas/steps/customer_analytics/periods.ts';

/** A month: its own history. */
export const range = { start_date: '2025-01-01', end_date: '2025-01-31' };
/** The run that a page names. */
export const origin = { pipeline: 'customer_analytics', run_id: 'run-1', started_at: '2025-02-01T01:00:07.000Z' };
const options = { currency: 'GBP', low_stock_days: 14, synthetic: [] };

/** A row of `customer_metrics`. */
export function customer(customer_id: string, value: string, more: Partial<CustomerMetrics> = {}): CustomerMetrics {
  return {
    customer_id,
    email: 'a@example.com',
    country: 'France',
    acquisition_date: '2024-05-01',
    customer_segment: 'Regular',
    total_orders: 5,
    total_lifetime_value: value,
    average_order_value: '10.00',
    order_frequency: 1.5,
    days_since_last_order: 3,
    ...more,
  };
}

/** A row of `product_metrics`. */
export function product(product_id: string, revenue: string, more: Partial<ProductMetrics> = {}): ProductMetrics {
  return {
    product_id,
    name: 'Mug',
    units_sold: 31,
    revenue,
    order_count: 4,
    average_price: '1.00',
    stock_on_hand: 100,
    days_of_stock: 100,
    ...more,
  };
}

async function* stream<T>(...rows: T[]): AsyncGenerator<T[]> {
  for (const row of rows) yield [row];
}

/** Insights of these customers and products, with nine orders on the last day. */
export function insightsOf(customers: CustomerMetrics[], products: ProductMetrics[]) {
  return buildInsights(
    {
      totals: {
        orders: 9,
        orders_without_customer: 1,
        customers: customers.length,
        revenue: '100.005',
        customer_revenue: '90.00',
      },
      customers: stream(...customers),
      products: stream(...products),
      lines: { revenue: '90.004', shipping_and_fees: '10.001', history_days: 31 },
      charges: stream<Charge>({ code: 'POST', name: 'POSTAGE', units: 3, revenue: '10.001', order_count: 3 }),
      days: stream({ day: '2025-01-31', orders: 9, revenue: '100.005' }),
      recentDays: stream<RecentDay>({
        day: '2025-01-31',
        orders: 9,
        revenue: '100.005',
        orders_without_customer: 1,
        customers: customers.length,
      }),
      daySales: stream<DaySale>(
        ...products.map(({ product_id: code, name, revenue }) => ({
          code,
          name,
          revenue,
          units: 1,
          order_count: 1,
          is_product: true,
        })),
      ),
    },
    periodsOf({ date_range: range, history_days: 365 }),
    options,
  );
}
