import { defineStep } from 'daybreak';
import { extractOrders } from '../connectors/extract-orders.ts';
import { daysIn } from '../quantities/days.ts';
import type { CustomerAnalyticsInput } from './input.ts';
import { historySince, periodsOf } from './periods.ts';

/** Writes the datasets `orders` (every order of the history) and `recent_orders` (those of its last eight days), from one state of the database. */
export const handler = defineStep<CustomerAnalyticsInput>(async (step) => {
  const { history, recent } = periodsOf(step.input);
  const { orders } = await extractOrders(step, { orders: history, recent_orders: recent });
  return { order_count: orders.orders, history_days: daysIn(historySince(step.input, orders.first_day)) };
});
