import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { readUsers } from '../../lambdas/steps/connectors/read-users.ts';
import { fetchOverHttp } from '../../lib/runtime/fetch/fetch-over-http.ts';

const user = (user_id: string) => ({
  user_id,
  email: `${user_id}@x`,
  country: 'X',
  created_at: '2025-01-01T01:00:00+01:00',
});

type Answer = (page: number, request: IncomingMessage) => unknown;

let answer: Answer;
const crm = createServer((request, response) => {
  const page = Number(new URL(request.url ?? '', 'http://x').searchParams.get('page'));
  response.end(JSON.stringify(answer(page, request)));
});
beforeAll(() => new Promise<void>((resolve) => crm.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  crm.closeAllConnections();
  crm.close();
});
beforeEach(() => void vi.stubEnv('CRM_URL', `http://127.0.0.1:${(crm.address() as AddressInfo).port}/`));
afterEach(() => void vi.unstubAllEnvs());

/** All users that a reader gets from a CRM with these answers. */
const usersFrom = async (
  answers: Answer,
  options: { readonly fresh?: boolean; readonly checkpoint?: unknown } = {},
) => {
  answer = answers;
  const { signal } = new AbortController();
  const pages = readUsers(
    {
      signal,
      checkpoint: options.checkpoint,
      fetch: (url, init) => fetchOverHttp(String(url), init ?? {}, { signal, now: Date.now }),
      secret: async (name) => `the ${name}`,
    },
    { fresh: options.fresh ?? false },
  );
  const found = [];
  for await (const { items, cursor } of pages) found.push({ users: items, cursor });
  return found;
};

describe('users from the CRM', () => {
  test('come from all pages, each once, with times in UTC', async () => {
    const pages = [
      [user('a'), user('b')],
      [user('b'), user('c')],
    ];
    const found = await usersFrom((page) => ({
      users: pages[page - 1],
      next_page: page < 2 ? page + 1 : null,
      total: 3,
    }));
    expect(found.map(({ users }) => users.map(({ user_id }) => user_id))).toEqual([['a', 'b'], ['c']]);
    expect(found[0]?.users[0]?.created_at).toBe('2025-01-01T00:00:00.000Z');
  });

  test('are requested with the token, 100 at a time, and bypass the cache only on demand', async () => {
    const seen: unknown[] = [];
    for (const fresh of [false, true]) {
      await usersFrom(
        (_, { url, headers }) => {
          seen.push([url, headers.authorization, headers['cache-control']]);
          return { users: [], next_page: null, total: 0 };
        },
        { fresh },
      );
    }
    expect(seen).toEqual([
      ['/users?page_size=100&page=1', 'Bearer the crm_token', undefined],
      ['/users?page_size=100&page=1', 'Bearer the crm_token', 'no-cache'],
    ]);
  });

  test('another invocation that continues after any page gives the rest, each once, even if earlier users were removed', async () => {
    const crmOf = (ids: readonly string[]) => (page: number) => ({
      users: ids.slice(2 * page - 2, 2 * page).map(user),
      next_page: 2 * page < ids.length ? page + 1 : null,
      total: ids.length,
    });
    const before = ['b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const idsOf = async (ids: readonly string[], checkpoint?: unknown) =>
      (await usersFrom(crmOf(ids), { checkpoint })).flatMap(({ users }) => users.map(({ user_id }) => user_id));
    for (const [index, { cursor }] of (await usersFrom(crmOf(before))).slice(0, -1).entries()) {
      const rest = before.slice(2 * (index + 1));
      for (const now of [before, before.slice(1)]) {
        expect(await idsOf(now, { cursor }), `${index} ${now}`).toEqual(rest);
      }
    }
  });

  test.each([
    ['names itself as the next', { users: [user('a')], next_page: 1, total: 1 }, /would never end/],
    ['is empty but names a next one', { users: [], next_page: 2, total: 1 }, /would never end/],
    [
      'is not what was agreed',
      { users: [{ ...user('a'), created_at: 'yesterday' }], next_page: null, total: 1 },
      /users\[0\]\.created_at/,
    ],
    ['is something else', 'hello', /page 1 of/],
  ])('a page that %s is a ValidationError', async (_, page, message) => {
    await expect(usersFrom(() => page)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringMatching(message),
    });
  });

  test('without the address of the CRM the step fails permanently', () => {
    vi.stubEnv('CRM_URL', '');
    const step = {} as Parameters<typeof readUsers>[0];
    expect(() => readUsers(step, { fresh: false })).toThrow('CRM_URL');
  });
});
