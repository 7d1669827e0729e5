import { defineStep } from 'daybreak';
import type { User } from '../connectors/read-users.ts';
import { type AnalyticsInput, dateRangeOf } from './input.ts';
import { CustomerCounts, countryCustomersColumns, newCustomersColumns } from './transform/sum-customers.ts';

/** Writes the datasets `country_customers` and `new_customers` (by the input's granularity); its result is their sums. */
export const handler = defineStep<AnalyticsInput>(async (step) => {
  const counts = new CustomerCounts(dateRangeOf(step.input), step.input.granularity);
  for await (const users of step.rows<User>('extract_customer_data.customers')) counts.add(users);
  await step.write('country_customers', counts.countries(), { columns: countryCustomersColumns });
  await step.write('new_customers', counts.periods(), { columns: newCustomersColumns });
  return counts.result();
});
