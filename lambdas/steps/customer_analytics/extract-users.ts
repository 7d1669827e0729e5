import { defineStep } from 'daybreak';
import { readUsers, userColumns } from '../connectors/read-users.ts';
import type { CustomerAnalyticsInput } from './input.ts';

/** Writes the dataset `users`: every user of the CRM, once. */
export const handler = defineStep<CustomerAnalyticsInput>(async (step) => {
  const users = step.writer('users', { columns: userColumns });
  for await (const page of readUsers(step, { fresh: step.input.force_refresh })) {
    await users.append(page.items);
    await step.progress(users.rowCount, page.body.total);
    await step.yieldIfDue({ cursor: page.cursor });
  }
  return { user_count: users.rowCount };
});
