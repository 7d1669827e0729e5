import { ValidationError } from 'daybreak';
import * as z from 'zod';

/** One user as the CRM knows them. */
export type User = {
  readonly user_id: string;
  readonly email: string;
  readonly country: string;
  /** ISO 8601 UTC with milliseconds. */
  readonly created_at: string;
};

/** Columns of a `users` dataset. */
export const userColumns = { user_id: 'VARCHAR', email: 'VARCHAR', country: 'VARCHAR', created_at: 'TIMESTAMP' };

/** The CRM over HTTP: `get` answers the JSON of a request, with the errors of `crmRequests`. */
export interface Crm {
  get(path: string): Promise<unknown>;
}

/** Users per page: the most that the CRM gives. */
const pageSize = 100;

const page = z.object({
  users: z.array(
    z.object({
      user_id: z.string().min(1),
      email: z.string(),
      country: z.string(),
      created_at: z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString()),
    }),
  ),
  /** Null on the last page. */
  next_page: z.int().positive().nullable(),
  total: z.int().nonnegative(),
});

/**
 * Batches of all users, page by page in the CRM's order, each user once: one that a change in the CRM moved to a later page is left out there.
 * An answer of another form, or one that points back to a page already read, is a ValidationError.
 */
export async function* readUsers(crm: Crm): AsyncGenerator<{ readonly users: User[]; readonly total: number }> {
  const seen = new Set<string>();
  let next: number | null = 1;
  while (next !== null) {
    const number: number = next;
    const answer = page.safeParse(await crm.get(`/users?page=${number}&page_size=${pageSize}`));
    if (!answer.success) {
      const violations = answer.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
      throw new ValidationError(`page ${number} of the CRM's users does not have the agreed form`, violations);
    }
    const { users, next_page, total } = answer.data;
    if (next_page !== null && next_page <= number) {
      throw new ValidationError(
        `page ${number} of the CRM's users names page ${next_page} as the next: it would never end`,
      );
    }
    if (next_page !== null && users.length === 0) {
      throw new ValidationError(`page ${number} of the CRM's users is empty but names a next one: it would never end`);
    }
    const fresh = users.filter((user) => !seen.has(user.user_id) && seen.add(user.user_id));
    yield { users: fresh, total };
    next = next_page;
  }
}
