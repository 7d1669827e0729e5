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

/** Where another reader goes on: after this page, and after all users up to `user_id`; null when the CRM does not list them in that order. */
export type UserCursor = { readonly page: number; readonly user_id: string | null };

/** Some users, how many there are in all, and where to go on after them. */
export type UserBatch = { readonly users: User[]; readonly total: number; readonly last: UserCursor };

/**
 * Batches of all users, page by page in the CRM's order, each user once: one that a change in the CRM moved to a later page is left out there. With `after` the last page
 * is read again, since users may have moved up to it.
 * An answer of another form, or one that points back to a page already read, is a ValidationError.
 */
export async function* readUsers(
  crm: Crm,
  { after = null }: { readonly after?: UserCursor | null | undefined } = {},
): AsyncGenerator<UserBatch> {
  const seen = new Set<string>();
  let greatest = after ? after.user_id : '';
  let next: number | null = after?.page ?? 1;
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
    const taken = (id: string): boolean =>
      after !== null && (after.user_id === null ? number === after.page : id <= after.user_id);
    const fresh = users.filter(({ user_id: id }) => !seen.has(id) && seen.add(id) && !taken(id));
    for (const { user_id: id } of fresh) greatest = greatest !== null && id > greatest ? id : null;
    yield { users: fresh, total, last: { page: number, user_id: greatest } };
    next = next_page;
  }
}
