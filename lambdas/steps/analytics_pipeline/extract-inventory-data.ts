import { defineStep } from 'daybreak';
import { openProducts } from '../connectors/open-products.ts';
import { productColumns, readProducts } from '../connectors/read-products.ts';
import type { AnalyticsInput } from './input.ts';

/** Writes the dataset `inventory`: the stock of every product in the catalogue file. */
export const handler = defineStep<AnalyticsInput>(async (step) => {
  const inventory = step.writer('inventory', { columns: productColumns });
  const { file, bytes } = await openProducts(step);
  for await (const batch of readProducts(bytes, file)) await inventory.append(batch);
  return { record_count: inventory.rowCount };
});
