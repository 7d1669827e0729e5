import { defineStep } from 'daybreak';
import { extractOrders } from '../connectors/extract-orders.ts';
import { type CustomerAnalyticsInput, dateRangeOf } from './input.ts';

/** Writes the dataset `orders`: every order on a UTC day of the date range. */
export const handler = defineStep<CustomerAnalyticsInput>(async (step) => ({
  order_count: await extractOrders(step, 'orders', dateRangeOf(step.input.date_range)),
}));
