import { PermanentError, type Step } from 'daybreak';
import { byPageNumber, httpPages } from 'daybreak/sources';
import * as z from 'zod/mini';

/** Columns of a `users` dataset. */
export const userColumns = { user_id: 'VARCHAR', email: 'VARCHAR', country: 'VARCHAR', created_at: 'TIMESTAMP' };

/** Users per page: the CRM's maximum. */
const pageSize = 100;

const page = z.object({
  users: z.array(
    z.object({
      user_id: z.string().check(z.minLength(1)),
      email: z.string(),
      country: z.string(),
      created_at: z.pipe(
        z.iso.datetime({ offset: true }),
        z.transform((text) => new Date(text).toISOString()),
      ),
    }),
  ),
  /** Null on the last page. */
  next_page: z.nullable(z.int().check(z.positive())),
  total: z.int().check(z.nonnegative()),
});

/**
 * Pages of all users of the CRM at CRM_URL, each user once. The secret `crm_token` is the bearer token. Continues from the step's checkpoint.
 * `fresh` sends `Cache-Control: no-cache`, so that no cache answers.
 */
export function readUsers(
  step: Pick<Step, 'fetch' | 'signal' | 'secret' | 'checkpoint'>,
  { fresh }: { readonly fresh: boolean },
) {
  const base = process.env.CRM_URL;
  if (base === undefined || !URL.canParse(base))
    throw new PermanentError('the variable CRM_URL must be the address of the CRM');
  return httpPages(step, {
    url: `${base.replace(/\/$/, '')}/users?page_size=${pageSize}`,
    paging: byPageNumber({ next: ({ next_page }: z.infer<typeof page>) => next_page }),
    schema: page,
    items: ({ users }) => users,
    key: ({ user_id }) => user_id,
    token: () => step.secret('crm_token'),
    headers: fresh ? { 'cache-control': 'no-cache' } : {},
    after: step.checkpoint?.cursor,
  });
}
