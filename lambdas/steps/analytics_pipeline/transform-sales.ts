import { defineStep } from 'daybreak';
import type { Order } from '../connectors/read-orders.ts';
import { type AnalyticsInput, dateRangeOf } from './input.ts';
import { periodSalesColumns, productSalesColumns, SalesSums } from './transform/sum-sales.ts';

/** Writes the datasets `period_sales` (by the input's granularity) and `product_sales`; its result is their sums. */
export const handler = defineStep<AnalyticsInput>(async (step) => {
  const sums = new SalesSums(dateRangeOf(step.input), step.input.granularity);
  for await (const orders of step.rows<Order>('extract_sales_data.sales')) sums.add(orders);
  await step.write('period_sales', sums.periods(), { columns: periodSalesColumns });
  await step.write('product_sales', sums.products(), { columns: productSalesColumns });
  return sums.result();
});
