import { defineStep } from 'daybreak';
import { extractOrders } from '../connectors/extract-orders.ts';
import { type AnalyticsInput, dateRangeOf } from './input.ts';

/** Writes the dataset `sales`: every order on a UTC day of the range. */
export const handler = defineStep<AnalyticsInput>(async (step) => ({
  record_count: (await extractOrders(step, { sales: dateRangeOf(step.input) })).sales.orders,
}));
