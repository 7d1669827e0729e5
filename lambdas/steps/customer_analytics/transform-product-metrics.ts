import { defineStep } from 'daybreak';
import type { Order } from '../connectors/read-orders.ts';
import type { Product } from '../connectors/read-products.ts';
import { type CustomerAnalyticsInput, dateRangeOf } from './input.ts';
import { ProductMetricsBuilder, productMetricsColumns } from './metrics/product-metrics.ts';

/** Writes the dataset `product_metrics`: a row per product of the catalogue, and per product that was sold without being in it. */
export const handler = defineStep<CustomerAnalyticsInput>(async (step) => {
  const metrics = new ProductMetricsBuilder(dateRangeOf(step.input.date_range));
  for await (const products of step.rows<Product>('extract_products.products')) metrics.addProducts(products);
  for await (const orders of step.rows<Order>('extract_orders.orders')) metrics.addOrders(orders);
  await step.write('product_metrics', metrics.rows(), { columns: productMetricsColumns });
  return metrics.totals();
});
