import { defineStep } from 'daybreak';
import * as z from 'zod';
import { type Product, productColumns } from '../connectors/read-products.ts';
import type { AnalyticsInput } from './input.ts';
import type { InventoryResult } from './results.ts';

const options = z.strictObject({ reorder_point: z.int().nonnegative() });

/** Writes the dataset `reorder`: products with at most `initialization.reorder_point` units; its result is the stock as a whole. */
export const handler = defineStep<AnalyticsInput>(async (step) => {
  const { reorder_point } = options.parse(step.config);
  const reorder = step.writer('reorder', { columns: productColumns });
  const sums = { record_count: 0, total_quantity_on_hand: 0, out_of_stock: 0 };
  for await (const products of step.rows<Product>('extract_inventory_data.inventory')) {
    for (const { stock_on_hand } of products) {
      sums.record_count += 1;
      sums.total_quantity_on_hand += stock_on_hand;
      if (stock_on_hand === 0) sums.out_of_stock += 1;
    }
    await reorder.append(products.filter(({ stock_on_hand }) => stock_on_hand <= reorder_point));
  }
  const result: InventoryResult = { ...sums, reorder_alerts: reorder.rowCount };
  return result;
});
