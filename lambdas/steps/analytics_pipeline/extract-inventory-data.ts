import { defineStep } from 'daybreak';
import { loadProducts } from '../connectors/load-products.ts';
import type { AnalyticsInput } from './input.ts';

/** Writes the dataset `inventory`: the stock of every product in the catalogue file. */
export const handler = defineStep<AnalyticsInput>(async (step) => ({
  record_count: await loadProducts(step, 'inventory'),
}));
