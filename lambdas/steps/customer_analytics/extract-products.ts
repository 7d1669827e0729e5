import { defineStep } from 'daybreak';
import { openProducts } from '../connectors/open-products.ts';
import { productColumns, readProducts } from '../connectors/read-products.ts';
import type { CustomerAnalyticsInput } from './input.ts';

/** Writes the dataset `products`: the catalogue file that `initialization.products` names. */
export const handler = defineStep<CustomerAnalyticsInput>(async (step) => {
  const products = step.writer('products', { columns: productColumns });
  const { file, bytes } = await openProducts(step);
  for await (const batch of readProducts(bytes, file)) {
    await products.append(batch);
    await step.progress(products.rowCount, null);
  }
  return { product_count: products.rowCount };
});
