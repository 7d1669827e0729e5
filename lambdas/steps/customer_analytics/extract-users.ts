import { defineStep } from 'daybreak';
import { crmRequests } from '../connectors/crm-requests.ts';
import { readUsers, userColumns } from '../connectors/read-users.ts';
import type { CustomerAnalyticsInput } from './input.ts';

/** Writes the dataset `users`: every user of the CRM, once. */
export const handler = defineStep<CustomerAnalyticsInput>(async (step) => {
  const users = step.writer('users', { columns: userColumns });
  const crm = await crmRequests(step, { fresh: step.input.force_refresh });
  for await (const page of readUsers(crm, { after: step.checkpoint?.cursor })) {
    await users.append(page.users);
    await step.progress(users.rowCount, page.total);
    await step.yieldIfDue({ cursor: page.last });
  }
  return { user_count: users.rowCount };
});
