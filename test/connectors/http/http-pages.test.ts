import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import {
  byCursor,
  byLink,
  byOffset,
  byPageNumber,
  type HttpCursor,
  type HttpSource,
  httpPages,
} from '../../../lib/connectors/sources.ts';
import { startCrmServer } from '../../../pipelines/stand-ins/crm-server.ts';
import { httpStep } from '../http-step.ts';
import { type Answer, serve } from '../web-server.ts';

const schema = z.object({
  items: z.array(z.object({ id: z.string() })),
  next: z.union([z.string(), z.int()]).nullish(),
});
type Body = z.infer<typeof schema>;
type Item = Body['items'][number];
const shared = { schema, items: (body: Body) => body.items, key: (item: Item) => item.id };
const itemsOf = (...ids: (string | number)[]) => ids.map((id) => ({ id: String(id) }));

const read = async (
  source: Partial<HttpSource<Body, Item>> & Pick<HttpSource<Body, Item>, 'url' | 'paging'>,
  step = httpStep(),
) => {
  const ids: string[] = [];
  const cursors: HttpCursor[] = [];
  let duplicates = 0;
  for await (const page of httpPages(step, { ...shared, ...source })) {
    ids.push(...page.items.map(({ id }) => id));
    cursors.push(page.cursor);
    duplicates += page.duplicates;
  }
  return { ids, cursors, duplicates };
};

describe('pages are found', () => {
  test('by a cursor in the body, kept beside the other parameters', async () => {
    const server = await serve((url) => {
      const at = Number(url.searchParams.get('cursor') ?? 0);
      return { json: { items: itemsOf(at, at + 1), next: at < 4 ? String(at + 2) : null } };
    });
    const { ids } = await read({ url: `${server.url}/x?size=2`, paging: byCursor((body) => body.next) });
    expect(ids).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(server.requests).toEqual(['/x?size=2', '/x?size=2&cursor=2', '/x?size=2&cursor=4']);
  });

  test.each([
    ['<{url}/x?page=2>; rel="next"'],
    ['<{url}/x?page=9>; rel="last", <{url}/x?page=2>; rel="next"'],
    ['</x?page=2>; title="a, b; rel=prev"; rel=next'],
    ['<?page=2>; rel="prefetch next"'],
  ])('by the Link header %s', async (header) => {
    const server: { readonly url: string } = await serve((url) =>
      url.searchParams.get('page') === '2'
        ? { json: { items: itemsOf('b') }, headers: { link: '</x?page=1>; rel="prev"' } }
        : { json: { items: itemsOf('a') }, headers: { link: header.replaceAll('{url}', server.url) } },
    );
    expect((await read({ url: `${server.url}/x`, paging: byLink() })).ids).toEqual(['a', 'b']);
  });

  test('by a link in the body', async () => {
    const server = await serve((url) => ({
      json: { items: itemsOf(url.search), next: url.search === '' ? '/x?page=2' : null },
    }));
    const { ids } = await read({ url: `${server.url}/x`, paging: byLink((body) => body.next as string | null) });
    expect(ids).toEqual(['', '?page=2']);
  });

  test('by numbers, to the first page that is empty, or short if the API fills its pages', async () => {
    const pages = [itemsOf('a', 'b'), itemsOf('c')];
    const server = await serve((url) => ({ json: { items: pages[Number(url.searchParams.get('page')) - 1] ?? [] } }));
    expect((await read({ url: server.url, paging: byPageNumber() })).ids).toEqual(['a', 'b', 'c']);
    expect(server.requests).toHaveLength(3);
    const paging = byPageNumber<Body>({ size: 2, shortPageEnds: true });
    expect((await read({ url: server.url, paging })).ids).toEqual(['a', 'b', 'c']);
    expect(server.requests).toHaveLength(5);
  });

  test('by offset, which counts the items that came', async () => {
    const all = itemsOf(...'abcdefg');
    const server = await serve((url) => {
      const [offset, limit] = [Number(url.searchParams.get('offset')), Number(url.searchParams.get('limit'))];
      return { json: { items: all.slice(offset, offset + limit) } };
    });
    expect((await read({ url: server.url, paging: byOffset({ limit: 3 }) })).ids.join('')).toBe('abcdefg');
    const requests = ['/?limit=3&offset=0', '/?limit=3&offset=3', '/?limit=3&offset=6'];
    expect(server.requests).toEqual([...requests, '/?limit=3&offset=7']);
    const paging = byOffset<Body>({ limit: 3, shortPageEnds: true });
    expect((await read({ url: server.url, paging })).ids.join('')).toBe('abcdefg');
    expect(server.requests.slice(4)).toEqual(requests);
  });
});

describe('endless paging is an error that says why', () => {
  const answering = async (answer: (url: URL) => Answer) => (await serve(answer)).url;
  test.each<[string, Parameters<typeof serve>[0], HttpSource<Body, Item>['paging'], RegExp]>([
    [
      'a cursor that leads back',
      (url) => ({ json: { items: itemsOf(url.search), next: url.search === '?cursor=a' ? 'b' : 'a' } }),
      byCursor((body) => body.next),
      /page 4 of .* was read before/,
    ],
    [
      'a page number that does not rise',
      () => ({ json: { items: itemsOf('a'), next: 1 } }),
      byPageNumber({ next: (body: Body) => Number(body.next) }),
      /page 1 names page 1 as the next/,
    ],
    [
      'empty pages that name a next one',
      (url) => ({ json: { items: [], next: Number(url.searchParams.get('page')) + 1 } }),
      byPageNumber({ next: (body: Body) => Number(body.next) }),
      /page 1 .* is empty but names a next one/,
    ],
    [
      'empty pages with ever new cursors',
      (url) => ({ json: { items: [], next: `${url.search.length}` } }),
      byCursor((body) => body.next),
      /is empty but names a next one|was read before/,
    ],
    [
      'a server that ignores the parameter',
      () => ({ json: { items: itemsOf('a', 'b') } }),
      byPageNumber({ size: 2 }),
      /page 4 .* brings nothing new/,
    ],
  ])('%s', async (_, answer, paging, message) => {
    await expect(read({ url: await answering(answer as (url: URL) => Answer), paging })).rejects.toThrow(message);
  });

  test('also without keys, when pages with different addresses have the same content', async () => {
    const url = await answering(() => ({ json: { items: itemsOf('a', 'b') } }));
    const source = { url, paging: byPageNumber<Body>({ size: 2 }), schema, items: shared.items };
    const drained = (async () => {
      for await (const _ of httpPages(httpStep(), source));
    })();
    await expect(drained).rejects.toThrow(/brings nothing new/);
  });
});

describe('an answer', () => {
  const paging = byCursor<Body>((body) => body.next);
  test('that does not fit the schema is a ValidationError with page and path', async () => {
    const server = await serve((_url, _request, count) => ({
      json: count === 1 ? { items: itemsOf('a'), next: 'x' } : { items: [{ id: 'b' }, { id: 7 }] },
    }));
    await expect(read({ url: `${server.url}/users`, paging })).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringMatching(
        /^page 2 of http.*\/users does not have the agreed form:\n- items\[1\]\.id: .*expected string/,
      ),
    });
  });

  test('that leads to another host is refused before the token goes there', async () => {
    const other = await serve(() => ({ json: { items: [] } }));
    const server = await serve(() => ({
      json: { items: itemsOf('a') },
      headers: { link: `<${other.url}/x>; rel="next"` },
    }));
    const source = { url: server.url, paging: byLink<Body>(), token: 'secret' };
    await expect(read(source)).rejects.toThrow(`the token and the rows stay at ${server.url}; if that is meant`);
    expect(other.requests).toEqual([]);
    expect((await read({ ...source, allowedOrigins: [other.url] })).ids).toEqual(['a']);
    expect(other.requests).toEqual(['/x']);
  });
});

describe('a token', () => {
  const guarded = (valid: () => string) =>
    serve((_url, { headers }) =>
      headers.authorization === `Bearer ${valid()}` ? { json: { items: itemsOf('a') } } : { status: 401, json: {} },
    );

  test('that the server no longer accepts is renewed once per request', async () => {
    const server = await guarded(() => 'new');
    const tokens = ['old', 'new'];
    const { ids } = await read({ url: server.url, paging: byLink(), token: async () => tokens.shift() ?? 'none' });
    expect([ids, server.requests.length, tokens]).toEqual([['a'], 2, []]);
  });

  test('that stays wrong is a PermanentError after two requests, or after one if it is fixed', async () => {
    const server = await guarded(() => 'right');
    await expect(read({ url: server.url, paging: byLink(), token: () => 'wrong' })).rejects.toMatchObject({
      name: 'PermanentError',
      status: 401,
    });
    expect(server.requests).toHaveLength(2);
    await expect(read({ url: server.url, paging: byLink(), token: 'wrong' })).rejects.toThrow(/401/);
    expect(server.requests).toHaveLength(3);
  });
});

describe('the pace', () => {
  test('is at most the given requests per second', async () => {
    const server = await serve((url) => ({
      json: {
        items: itemsOf(url.search),
        next: url.search.length < 60 ? `${url.search}x`.slice(-40) + url.search.length : null,
      },
    }));
    const start = performance.now();
    await read({ url: server.url, paging: byCursor((body) => body.next), requestsPerSecond: 20 });
    const least = ((server.requests.length - 1) * 1000) / 20;
    expect(server.requests.length).toBeGreaterThan(2);
    expect(performance.now() - start).toBeGreaterThan(least * 0.95);
  });

  test('waits for a short Retry-After, and passes a long one to the step', async () => {
    const server = await serve((_url, _request, count) =>
      count === 1 ? { status: 429, headers: { 'retry-after': '1' }, json: {} } : { json: { items: itemsOf('a') } },
    );
    expect((await read({ url: server.url, paging: byLink() })).ids).toEqual(['a']);
    const busy = await serve(() => ({ status: 503, headers: { 'retry-after': '600' }, json: {} }));
    await expect(read({ url: busy.url, paging: byLink() })).rejects.toMatchObject({
      name: 'RetryableError',
      retryAfter: 600,
    });
    expect(busy.requests).toHaveLength(1);
  });

  test('the signal ends a wait', async () => {
    const server = await serve(() => ({ status: 429, headers: { 'retry-after': '9' }, json: {} }));
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('time is over')), 50);
    await expect(read({ url: server.url, paging: byLink() }, httpStep(controller.signal))).rejects.toThrow();
    // Another request would follow after nine seconds.
    expect(server.requests).toHaveLength(1);
  });
});

describe('continuing from a cursor', () => {
  test('an item that moved to a later page counts once, within a reading and across two', async () => {
    // Reverse order, so that a greatest key cannot help.
    let all = [...'hgfedcba'];
    const server = await serve((url) => {
      const page = Number(url.searchParams.get('page'));
      return { json: { items: itemsOf(...all.slice((page - 1) * 2, page * 2)) } };
    });
    const source = { ...shared, url: server.url, paging: byPageNumber<Body>({ size: 2 }) };
    const ids: string[] = [];
    let cursor: HttpCursor | null = null;
    for await (const page of httpPages(httpStep(), source)) {
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.cursor;
      if (page.number === 1) all = ['z', ...all];
      if (page.number === 2) break;
    }
    expect(ids.join('')).toBe('hgf');
    all = ['y', ...all];
    const rest = await read({ ...source, after: JSON.parse(JSON.stringify(cursor)) });
    expect([...ids, ...rest.ids].join('')).toBe('hgfedcba');
  });

  test('a reading can continue from every page of a steady API', async () => {
    const server = await serve((url) => {
      const at = Number(url.searchParams.get('cursor') ?? 0);
      return { json: { items: itemsOf(at, at + 1), next: at < 6 ? at + 2 : null } };
    });
    for (const paging of [byCursor<Body>((body) => body.next)]) {
      const whole = await read({ url: server.url, paging });
      for (const [index, cursor] of whole.cursors.entries()) {
        const rest = await read({ url: server.url, paging, after: cursor });
        expect([...whole.ids.slice(0, (index + 1) * 2), ...rest.ids]).toEqual(whole.ids);
      }
    }
  });
});

test('reads all users of the CRM over pages and faults', async () => {
  const users = Array.from({ length: 257 }, (_, index) => ({
    user_id: `u${String(index).padStart(4, '0')}`,
    email: 'x@example.com',
    country: 'X',
    created_at: '2025-01-01T00:00:00.000Z',
  }));
  const crm = await startCrmServer({
    users,
    token: 'secret',
    faults: [{ request: 2, status: 429, retryAfter: 0 }],
    requestsPerSecond: 1000,
  });
  try {
    const page = z.object({
      users: z.array(z.object({ user_id: z.string() })),
      next_page: z.int().nullable(),
      total: z.int(),
    });
    const found: string[] = [];
    const pages = httpPages(httpStep(), {
      url: `${crm.url}/users?page_size=50`,
      paging: byPageNumber({ next: (body: z.infer<typeof page>) => body.next_page }),
      schema: page,
      items: (body) => body.users,
      key: (user) => user.user_id,
      token: 'secret',
    });
    for await (const { items, body } of pages) {
      expect(body.total).toBe(257);
      found.push(...items.map(({ user_id }) => user_id));
    }
    expect(found).toEqual(users.map(({ user_id }) => user_id));
  } finally {
    await crm.stop();
  }
});
