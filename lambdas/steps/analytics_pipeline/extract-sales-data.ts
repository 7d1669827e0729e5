import { defineStep } from 'daybreak';
import { databaseUrl } from '../connectors/database-url.ts';
import { orderColumns, readOrders } from '../connectors/read-orders.ts';
import { type AnalyticsInput, dateRangeOf } from './input.ts';

/** Writes the dataset `sales`: every order whose UTC day lies in the range. */
export const handler = defineStep<AnalyticsInput>(async (step) => {
  const sales = step.writer('sales', { columns: orderColumns });
  for await (const batch of readOrders(await databaseUrl(step), { range: dateRangeOf(step.input) }, step.signal)) {
    await sales.append(batch.orders);
    await step.progress(sales.rowCount, batch.total);
  }
  return { record_count: sales.rowCount };
});
