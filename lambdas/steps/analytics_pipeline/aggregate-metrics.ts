import { defineStep } from 'daybreak';
import { aggregate } from './aggregate.ts';
import type { AnalyticsInput } from './input.ts';
import type { CustomersResult, InventoryResult, SalesResult } from './results.ts';

/** Returns the combined figures of all three sources. */
export const handler = defineStep<AnalyticsInput>(async (step) =>
  aggregate(
    {
      transform_sales: step.result<SalesResult | undefined>('transform_sales'),
      transform_inventory: step.result<InventoryResult | undefined>('transform_inventory'),
      transform_customers: step.result<CustomersResult | undefined>('transform_customers'),
    },
    step.input,
  ),
);
