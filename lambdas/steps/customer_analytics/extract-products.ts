import { defineStep } from 'daybreak';
import { loadProducts } from '../connectors/load-products.ts';
import type { CustomerAnalyticsInput } from './input.ts';

/** Writes the dataset `products`: the catalogue file that `initialization.products` names. */
export const handler = defineStep<CustomerAnalyticsInput>(async (step) => ({
  product_count: await loadProducts(step, 'products'),
}));
