import { defineStep } from 'daybreak';
import { readUsers, userColumns } from '../connectors/read-users.ts';
import type { AnalyticsInput } from './input.ts';

/** Writes the dataset `customers`: every user of the CRM, once. */
export const handler = defineStep<AnalyticsInput>(async (step) => {
  const customers = step.writer('customers', { columns: userColumns });
  for await (const page of readUsers(step, { fresh: false })) {
    await customers.append(page.items);
    await step.progress(customers.rowCount, page.body.total);
  }
  return { record_count: customers.rowCount };
});
