import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { crmRequests } from '../../lambdas/steps/connectors/crm-requests.ts';
import { readUsers, type User, type UserCursor } from '../../lambdas/steps/connectors/read-users.ts';
import { fetchOverHttp } from '../../lib/runtime/fetch-over-http.ts';

const user = (user_id: string) => ({
  user_id,
  email: `${user_id}@x`,
  country: 'X',
  created_at: '2025-01-01T01:00:00+01:00',
});

const read = async (answer: (path: string) => unknown): Promise<User[]> => {
  const users: User[] = [];
  for await (const page of readUsers({ get: async (path) => answer(path) })) users.push(...page.users);
  return users;
};

describe('users from the CRM', () => {
  test('come from all pages, each once, with times in UTC', async () => {
    const pages: Record<string, unknown> = {
      '1': { users: [user('a'), user('b')], next_page: 2, total: 3 },
      '2': { users: [user('b'), user('c')], next_page: null, total: 3 },
    };
    const users = await read((path) => pages[new URLSearchParams(path.split('?')[1]).get('page') ?? '']);
    expect(users.map(({ user_id }) => user_id)).toEqual(['a', 'b', 'c']);
    expect(users[0]?.created_at).toBe('2025-01-01T00:00:00.000Z');
  });

  test('another reader that goes on after any page gives the rest, each once, though the CRM has changed meanwhile', async () => {
    const crmOf = (ids: string[]) => (path: string) => {
      const page = Number(new URLSearchParams(path.split('?')[1]).get('page'));
      const users = ids.slice(2 * page - 2, 2 * page).map(user);
      return { users, next_page: 2 * page < ids.length ? page + 1 : null, total: ids.length };
    };
    const idsOf = async (ids: string[], after?: UserCursor) => {
      const pages: { ids: string[]; last: UserCursor }[] = [];
      for await (const { users, last } of readUsers({ get: async (path) => crmOf(ids)(path) }, { after }))
        pages.push({ ids: users.map(({ user_id }) => user_id), last });
      return pages;
    };
    const before = ['b', 'c', 'd', 'e', 'f', 'g', 'h'];
    for (const { last } of (await idsOf(before)).slice(0, -1)) {
      const rest = before.slice(2 * last.page);
      for (const now of [before, ['a', ...before], before.slice(1)])
        expect(
          (await idsOf(now, last)).flatMap(({ ids }) => ids),
          `${last.page} ${now}`,
        ).toEqual(rest);
    }
    const unordered = ['z', 'b', 'y', 'c', 'x'];
    const [, second] = await idsOf(unordered);
    expect(second?.last).toEqual({ page: 2, user_id: null });
    expect((await idsOf(unordered, second?.last)).flatMap(({ ids }) => ids)).toEqual(['x']);
  });

  test.each([
    ['names itself as the next', { users: [user('a')], next_page: 1, total: 1 }, /would never end/],
    ['is empty but names a next one', { users: [], next_page: 2, total: 1 }, /would never end/],
    [
      'is not what was agreed',
      { users: [{ ...user('a'), created_at: 'yesterday' }], next_page: null, total: 1 },
      /users.0.created_at/,
    ],
    ['is something else', 'hello', /page 1 of the CRM/],
  ])('a page that %s is a ValidationError', async (_, page, message) => {
    await expect(read(() => page)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringMatching(message),
    });
  });
});

describe('requests to the CRM', () => {
  const stops: (() => void)[] = [];
  afterEach(() => {
    vi.unstubAllEnvs();
    for (const stop of stops.splice(0)) stop();
  });

  const crmThat = async (
    answer: (request: IncomingMessage, response: ServerResponse, number: number) => void,
    options = { fresh: false },
  ) => {
    let number = 0;
    const server = createServer((request, response) => {
      number += 1;
      answer(request, response, number);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stops.push(
      () => server.closeAllConnections(),
      () => server.close(),
    );
    vi.stubEnv('CRM_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const { signal } = new AbortController();
    const fetch = (url: string, init: RequestInit) => fetchOverHttp(url, init, { signal, now: Date.now });
    const crm = await crmRequests({ signal, fetch, secret: async (name) => `the ${name}` }, options);
    return { crm, requests: () => number };
  };

  test('carry the token, and ask past the cache only when that is wanted', async () => {
    const seen: unknown[] = [];
    for (const fresh of [false, true]) {
      const { crm } = await crmThat(
        (request, response) => {
          seen.push([request.url, request.headers.authorization, request.headers['cache-control']]);
          response.end('{}');
        },
        { fresh },
      );
      await crm.get('/users?page=1');
    }
    expect(seen).toEqual([
      ['/users?page=1', 'Bearer the crm_token', undefined],
      ['/users?page=1', 'Bearer the crm_token', 'no-cache'],
    ]);
  });

  test('wait out a short rate limit, as long as it was asked for', async () => {
    const { crm, requests } = await crmThat((_, response, number) => {
      if (number > 1) return response.end('{"ok":true}');
      return response.writeHead(429, { 'retry-after': '1' }).end();
    });
    const started = performance.now();
    expect(await crm.get('/users')).toEqual({ ok: true });
    expect(performance.now() - started).toBeGreaterThan(990);
    expect(requests()).toBe(2);
  });

  test.each([
    ['a long rate limit', 429, { 'retry-after': '60' }, { name: 'RetryableError', retryAfter: 60 }],
    ['an outage', 503, {}, { name: 'RetryableError' }],
    ['a token that is refused', 401, {}, { name: 'PermanentError' }],
  ])('%s is left to the step: %i', async (_, status, headers, expected) => {
    const { crm, requests } = await crmThat((_request, response) => response.writeHead(status, headers).end());
    await expect(crm.get('/users')).rejects.toMatchObject(expected);
    expect(requests()).toBe(1);
  });

  test('an answer that breaks off may be tried again; one that is not JSON may not', async () => {
    const broken = await crmThat((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"users"');
      setTimeout(() => response.destroy(), 20);
    });
    await expect(broken.crm.get('/users')).rejects.toMatchObject({ name: 'RetryableError' });
    const wrong = await crmThat((_, response) => response.end('<html>'));
    await expect(wrong.crm.get('/users')).rejects.toMatchObject({ name: 'PermanentError' });
  });
});
