import { defineStep } from 'daybreak';
import { databaseUrl } from '../connectors/database-url.ts';
import { orderColumns, readOrders } from '../connectors/read-orders.ts';
import { type CustomerAnalyticsInput, dateRangeOf } from './input.ts';

/** Writes the dataset `orders`: every order whose UTC day lies in the date range. */
export const handler = defineStep<CustomerAnalyticsInput>(async (step) => {
  const orders = step.writer('orders', { columns: orderColumns });
  const range = dateRangeOf(step.input.date_range);
  const selection = { range, after: step.checkpoint?.cursor };
  for await (const batch of readOrders(await databaseUrl(step), selection, step.signal)) {
    await orders.append(batch.orders);
    await step.progress(orders.rowCount, batch.total);
    await step.yieldIfDue({ cursor: batch.last });
  }
  return { order_count: orders.rowCount };
});
