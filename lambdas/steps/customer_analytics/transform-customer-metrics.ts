import { defineStep } from 'daybreak';
import type { Order } from '../connectors/read-orders.ts';
import type { User } from '../connectors/read-users.ts';
import { type CustomerAnalyticsInput, dateRangeOf } from './input.ts';
import { CustomerMetricsBuilder, customerMetricsColumns, dailyRevenueColumns } from './metrics/customer-metrics.ts';

/** Writes the datasets `customer_metrics` (a row per known user with an order) and `daily_revenue`; its result is the totals. */
export const handler = defineStep<CustomerAnalyticsInput>(async (step) => {
  const metrics = new CustomerMetricsBuilder(dateRangeOf(step.input.date_range));
  for await (const users of step.rows<User>('extract_users.users')) metrics.addUsers(users);
  for await (const orders of step.rows<Order>('extract_orders.orders')) metrics.addOrders(orders);
  await step.write('customer_metrics', metrics.rows(), { columns: customerMetricsColumns });
  await step.write('daily_revenue', metrics.dailyRevenue(), { columns: dailyRevenueColumns });
  return metrics.totals();
});
