import { describe, expect, test } from 'vitest';
import {
  byCursor,
  byLink,
  byOffset,
  byPageNumber,
  type HttpCursor,
  type HttpSource,
  httpPages,
} from '../../../lib/connectors/sources.ts';
import { httpStep } from '../http-step.ts';
import { serve } from '../web-server.ts';

interface Body {
  readonly items: readonly { readonly id: number }[];
  readonly total?: number;
  readonly next?: string | null;
}

/** A schema that takes every body. */
const schema = { safeParse: (data: unknown) => ({ success: true as const, data: data as Body }) };

type Options = Partial<HttpSource<Body, Body['items'][number]>>;

const read = async (url: string, options: Options & Pick<HttpSource<Body, never>, 'paging'>) => {
  const ids: number[] = [];
  for await (const { items } of httpPages(httpStep(), { url, schema, items: (body) => body.items, ...options }))
    ids.push(...items.map(({ id }) => id));
  return ids;
};

const key = ({ id }: { readonly id: number }) => id;
const numbers = (count: number) => Array.from({ length: count }, (_, index) => ({ id: index + 1 }));
const upTo = (count: number) => numbers(count).map(key);

/** An API with `count` items that gives at most `cap` per page, even if the request asks for more. `change` sees each request before it is answered. */
const capped = (
  count: number,
  cap: number,
  {
    state = {},
    change,
  }: { readonly state?: object; readonly change?: (all: { id: number }[], request: number) => void } = {},
) => {
  const all = numbers(count);
  return serve((url, _, request) => {
    change?.(all, request);
    const size = Math.min(cap, Number(url.searchParams.get('limit') ?? url.searchParams.get('per_page') ?? cap));
    const page = url.searchParams.get('page');
    const from = page === null ? Number(url.searchParams.get('offset')) : (Number(page) - 1) * size;
    return { json: { items: all.slice(from, from + size), ...('total' in state && { total: all.length }) } };
  });
};

describe('an API that gives fewer items per page than it is asked for', () => {
  test.each([0, 1, 99, 100, 101, 250, 300])('is read to its end: %i items in pages of 100', async (count) => {
    const { url } = await capped(count, 100);
    expect(await read(url, { paging: byOffset({ limit: 1000 }) })).toEqual(upTo(count));
    expect(await read(`${url}?per_page=1000`, { paging: byPageNumber({ size: 1000 }) })).toEqual(upTo(count));
  });

  test('that the author wrongly declares to fill its pages is detected by its total', async () => {
    const { url } = await capped(250, 100, { state: { total: true } });
    const paging = byOffset<Body>({ limit: 1000, shortPageEnds: true });
    await expect(read(url, { paging })).rejects.toMatchObject({
      name: 'RetryableError',
      message: expect.stringMatching(
        /the pages end with page 1 of .*, but only 100 of 250 items came; .*total: \(\) => null/,
      ),
    });
    expect(await read(url, { paging, total: () => null })).toEqual(upTo(100));
  });

  test('that places pages by the requested size leaves rows out, and its total shows it', async () => {
    const all = numbers(250);
    const { url } = await serve((url) => {
      const from = (Number(url.searchParams.get('page')) - 1) * 200;
      return { json: { items: all.slice(from, from + 100), total: 250 } };
    });
    await expect(read(url, { paging: byPageNumber({ size: 200 }) })).rejects.toThrow(/only 150 of 250 items came/);
  });

  test('shortPageEnds needs a page size to know a short page', () => {
    expect(() => byPageNumber({ shortPageEnds: true })).toThrow(/shortPageEnds needs `size`/);
  });
});

describe('a total is found', () => {
  test.each<[string, object, Record<string, string>]>([
    ['in the body', { total: 3 }, {}],
    ['in the body, by another name', { total_count: 3 }, {}],
    ['in the body as a text', { totalResults: '3' }, {}],
    ['in an object of the body', { pagination: { total_items: 3 } }, {}],
    ['in X-Total-Count', {}, { 'x-total-count': '3' }],
    ['in Content-Range', {}, { 'content-range': 'items 0-1/3' }],
  ])('%s', async (_, body, headers) => {
    const { url } = await serve(() => ({ json: { items: numbers(2), ...body }, headers }));
    await expect(read(url, { paging: byLink() })).rejects.toThrow(/only 2 of 3 items came/);
  });

  test('where the source declares it', async () => {
    const { url } = await serve(() => ({ json: { items: numbers(2), hits: 3 } }));
    const total = ({ body }: { readonly body: object }) => (body as { hits: number }).hits;
    await expect(read(url, { paging: byLink(), total })).rejects.toThrow(/only 2 of 3 items came/);
  });

  test.each([{ total: '12.50' }, { total: null }, { total: { value: 3 } }, { total: -1 }, { totals: 3 }, {}])(
    'not in %j',
    async (body) => {
      const { url } = await serve(() => ({ json: { items: numbers(2), ...body } }));
      expect(await read(url, { paging: byLink() })).toEqual([1, 2]);
    },
  );

  test('and more items than the total are allowed, since the total may be old', async () => {
    const { url } = await serve(() => ({ json: { items: numbers(3), total: 2 } }));
    expect(await read(url, { paging: byLink() })).toEqual([1, 2, 3]);
  });
});

describe('a total that changes between pages', () => {
  const state = { total: true };
  const remove = (all: { id: number }[], request: number) => void (request === 2 && all.shift());
  const insert = (all: { id: number }[], request: number) => void (request === 2 && all.unshift({ id: 0 }));

  test('shows that an item moved to a page that was read', async () => {
    for (const options of [{ key }, {}]) {
      const { url } = await capped(250, 100, { state, change: remove });
      const reading = read(url, { paging: byOffset({ limit: 100 }), ...options });
      await expect(reading).rejects.toMatchObject({
        name: 'RetryableError',
        message: expect.stringMatching(
          /page 2 of .* states a total of 249, and the page before it 250: .* may be missing/,
        ),
      });
    }
  });

  test('shows that an item comes twice, if no key leaves it out', async () => {
    const with_ = await capped(250, 100, { state, change: insert });
    expect(await read(with_.url, { paging: byOffset({ limit: 100 }), key })).toEqual(upTo(250));
    const without = await capped(250, 100, { state, change: insert });
    await expect(read(without.url, { paging: byOffset({ limit: 100 }) })).rejects.toThrow(/come twice; a `key`/);
  });

  test('does not affect a cursor, which keeps its place', async () => {
    let total = 5;
    const { url } = await serve((url) => {
      const at = Number(url.searchParams.get('cursor'));
      total -= 1;
      return { json: { items: [{ id: at }], total, next: at < 2 ? String(at + 1) : null } };
    });
    expect(await read(url, { paging: byCursor((body) => body.next) })).toEqual([0, 1, 2]);
  });
});

describe('an answer behind the last page', () => {
  /** Two pages; behind them `status`. */
  const ending = (status: number, body: object = {}) =>
    serve((url) => {
      const page = Number(url.searchParams.get('page'));
      return page > 2 ? { status, text: '' } : { json: { items: [{ id: page }], ...body } };
    });

  test('of 204 ends the reading', async () => {
    const { url } = await ending(204);
    expect(await read(url, { paging: byPageNumber() })).toEqual([1, 2]);
    expect(await read(`${url}?page=3`, { paging: byPageNumber() })).toEqual([]);
  });

  test('of 404 ends the reading if the author declares it, or if the total is reached', async () => {
    const { url } = await ending(404);
    await expect(read(url, { paging: byPageNumber() })).rejects.toMatchObject({ name: 'PermanentError', status: 404 });
    expect(await read(url, { paging: byPageNumber({ endStatus: 404 }) })).toEqual([1, 2]);
    const stating = await ending(404, { total: 2 });
    expect(await read(stating.url, { paging: byPageNumber() })).toEqual([1, 2]);
  });

  test('never ends the reading before the total is reached, and never on the first page', async () => {
    const { url } = await ending(404, { total: 3 });
    await expect(read(url, { paging: byPageNumber() })).rejects.toMatchObject({ status: 404 });
    const paging = byPageNumber<Body>({ endStatus: 404 });
    await expect(read(url, { paging })).rejects.toThrow(/only 2 of 3 items came/);
    await expect(read(`${url}?page=3`, { paging })).rejects.toMatchObject({ status: 404 });
    const early = await ending(204, { total: 3 });
    await expect(read(early.url, { paging: byPageNumber() })).rejects.toThrow(/only 2 of 3 items came/);
  });
});

describe('a page that comes twice', () => {
  /** Pages of three items each, in this order. */
  const inOrder = (...order: readonly number[]) =>
    serve((url) => {
      const at = order[Number(url.searchParams.get('cursor'))] as number;
      const next = Number(url.searchParams.get('cursor')) + 1;
      return { json: { items: numbers(9).slice(at * 3, at * 3 + 3), next: next < order.length ? String(next) : null } };
    });
  const paging = byCursor<Body>((body) => body.next);

  test('gives its items once if they have a key, else it is an error', async () => {
    for (const order of [
      [0, 0, 1, 2],
      [0, 1, 0, 2],
    ]) {
      const { url } = await inOrder(...order);
      expect(await read(url, { paging, key })).toEqual(upTo(9));
      await expect(read(url, { paging })).rejects.toMatchObject({
        name: 'ValidationError',
        message: expect.stringMatching(/brings nothing new: it has the same items as page 1/),
      });
    }
  });

  test('in place of another is detected by the total', async () => {
    const { url } = await inOrder(0, 1, 1);
    await expect(read(url, { paging, key, total: () => 9 })).rejects.toThrow(/only 6 of 9 items came/);
  });
});

describe('a key', () => {
  const reading = async (items: readonly object[], keyOf: (item: never) => unknown) => {
    const { url } = await serve(() => ({ json: { items } }));
    return read(url, { paging: byLink(), key: keyOf as typeof key });
  };

  test('that is invalid is an error with page and item', async () => {
    await expect(reading(numbers(2), (item: { ident: string }) => item.ident)).rejects.toMatchObject({
      name: 'PermanentError',
      message: expect.stringMatching(/page 1 of .*, item 0: its key is undefined, not a text or a number/),
    });
  });

  test('that two different items of a page share is an error, since one would be lost', async () => {
    const lines = [
      { id: 1, line: 1 },
      { id: 1, line: 2 },
    ];
    await expect(reading(lines, key)).rejects.toThrow(/two different items with the key "1"/);
    expect(await reading([lines[0] as object, { ...lines[0] }], key)).toEqual([1]);
  });
});

describe('a cursor', () => {
  const cursorsOf = async (url: string, options: Options & Pick<HttpSource<Body, never>, 'paging'>) => {
    const cursors: HttpCursor[] = [];
    for await (const { cursor } of httpPages(httpStep(), { url, schema, items: (body) => body.items, ...options }))
      cursors.push(JSON.parse(JSON.stringify(cursor)));
    return cursors;
  };

  test('of another source is refused', async () => {
    const [one, other] = [await capped(5, 2), await capped(5, 2)];
    const [after] = await cursorsOf(one.url, { paging: byOffset({ limit: 2 }) });
    const reading = read(other.url, { paging: byOffset({ limit: 2 }), ...(after && { after }) });
    await expect(reading).rejects.toThrow(`the cursor is one of ${one.url}/, and the source is ${other.url}/ now`);
    expect(other.requests).toEqual([]);
  });

  test('carries the count, so that an early end is also detected after a pause', async () => {
    const { url } = await capped(250, 100, { state: { total: true } });
    for (const options of [{ key }, {}]) {
      const paging = byOffset<Body>({ limit: 100 });
      for (const after of await cursorsOf(url, { paging, ...options })) {
        const rest = await read(url, { paging, ...options, after });
        expect(rest).toEqual(upTo(250).slice(after.items));
      }
    }
  });

  test('comes with the last page only after the items are counted', async () => {
    const { url } = await serve(() => ({ json: { items: numbers(2), total: 3 } }));
    const cursors: HttpCursor[] = [];
    const reading = (async () => {
      for await (const { cursor } of httpPages(httpStep(), {
        url,
        schema,
        items: (body) => body.items,
        paging: byLink<Body>(),
      }))
        cursors.push(cursor);
    })();
    await expect(reading).rejects.toThrow(/only 2 of 3/);
    expect(cursors).toEqual([]);
  });

  test('does not bridge a pause in which items moved by more than a page', async () => {
    let removed = 0;
    const { url } = await serve((url) => {
      const from = Number(url.searchParams.get('offset'));
      return {
        json: {
          items: numbers(20)
            .slice(removed)
            .slice(from, from + 3),
        },
      };
    });
    const paging = byOffset<Body>({ limit: 3 });
    const after = (await cursorsOf(url, { paging, key }))[1] as HttpCursor;
    removed = 2;
    expect(await read(url, { paging, key, after })).toEqual(upTo(20).slice(6));
    removed = 3;
    await expect(read(url, { paging, key, after })).rejects.toThrow(/items moved by more than a page/);
  });
});

describe('an answer that contradicts the end of the reading', () => {
  const lastPage = (facts: object, headers: Record<string, string> = {}) =>
    serve((url) => ({ json: { items: url.searchParams.get('page') === '2' ? [] : [{ id: 1 }], ...facts }, headers }));

  test.each<[string, object, Record<string, string>?]>([
    ['has_more', { has_more: true }],
    ['hasNextPage of GraphQL', { pageInfo: { hasNextPage: true } }],
    ['a number of pages', { meta: { last_page: 5, current_page: 1 } }],
    ['a header with the number of pages', {}, { 'x-total-pages': '5' }],
    ['isLast of Jira', { isLast: false }],
    ['done of Salesforce', { done: false }],
    ['total_pages', { total_pages: 5 }],
  ])('is a RetryableError: %s', async (_, facts, headers) => {
    const { url } = await lastPage(facts, headers);
    const error = {
      name: 'RetryableError',
      message: expect.stringMatching(/^the pages end with .* but more of them follow: /),
    };
    await expect(read(url, { paging: byPageNumber() })).rejects.toMatchObject(error);
    expect(await read(url, { paging: byPageNumber(), more: () => null })).toEqual([1]);
    await expect(read(url, { paging: byPageNumber(), more: () => true })).rejects.toMatchObject(error);
  });

  test.each<[string, object, Record<string, string>?]>([
    ['a cursor', { next_cursor: 'c' }],
    ['an address of OData', { '@odata.nextLink': 'https://example.com/2' }],
    ['an address of HAL', { _links: { next: { href: '/2' } } }],
    ['a Link header', {}, { link: '</2>; rel="next"' }],
  ])('is a RetryableError, if it names a next page that the paging does not read: %s', async (_, facts, headers) => {
    const { url } = await lastPage(facts, headers);
    await expect(read(url, { paging: byCursor((body) => body.next) })).rejects.toThrow(/more of them follow/);
  });

  test('is not one that says that it is the last', async () => {
    const { url } = await lastPage({
      has_more: false,
      next_cursor: '',
      total_pages: 1,
      pageInfo: { hasNextPage: false },
    });
    expect(await read(url, { paging: byPageNumber() })).toEqual([1]);
    expect(await read(url, { paging: byCursor((body) => body.next) })).toEqual([1]);
  });
});

describe('a Link header', () => {
  const linked = (link: string) =>
    serve((url) =>
      url.pathname === '/' ? { json: { items: [{ id: 1 }] }, headers: { link } } : { json: { items: [{ id: 2 }] } },
    );

  test.each([
    '</a,b?p=1>; rel="prev", </2>; title="x, y"; rel=next',
    '</2>; rel="last NEXT"',
    '</2>; title="a \\"b\\", rel=x"; rel="next"',
    '< /2 > ; rel = "next"',
  ])('leads on: %s', async (link) => {
    expect(await read((await linked(link)).url, { paging: byLink() })).toEqual([1, 2]);
  });

  test('that names a next page in no known form is an error, and not the end', async () => {
    await expect(read((await linked('/2; rel="next"')).url, { paging: byLink() })).rejects.toThrow(/cannot be read/);
    expect(await read((await linked('</2>; title="rel=next"')).url, { paging: byLink() })).toEqual([1]);
  });
});

describe('a page that says that it is an error', () => {
  const page = (facts: object) => serve(() => ({ json: { items: [], ...facts } }));
  const paging = byCursor<Body>((body) => body.next);

  test.each([
    [{ error: 'quota' }, 'PermanentError'],
    [{ errors: [{ message: 'x' }] }, 'PermanentError'],
    [{ ok: false }, 'PermanentError'],
    [{ status: 503 }, 'RetryableError'],
    [{ incomplete_results: true }, 'RetryableError'],
    [{ timed_out: true }, 'RetryableError'],
  ])('%j is no empty page', async (facts, name) => {
    const { url } = await page(facts);
    await expect(read(url, { paging })).rejects.toMatchObject({
      name,
      message: expect.stringMatching(/says that it is an error|is not whole/),
    });
    expect(await read(url, { paging, judge: () => null })).toEqual([]);
  });

  test('is not one that counts failures, or has none', async () => {
    for (const facts of [
      { failed: 3, errors: 7 },
      { error: null, errors: [], ok: true, status: 'ok' },
    ])
      expect(await read((await page(facts)).url, { paging })).toEqual([]);
  });
});

test('a cursor is a text or a number', async () => {
  for (const next of [false, { a: 1 }]) {
    const { url } = await serve(() => ({ json: { items: [{ id: 1 }], next } }));
    await expect(read(url, { paging: byCursor((body) => body.next) })).rejects.toThrow(/is no text and no number/);
  }
});

test('items that are no list are an error with the page', async () => {
  const { url } = await serve(() => ({ json: {} }));
  await expect(read(url, { paging: byLink() })).rejects.toThrow(/page 1 of .*: `items` gives .* not a list/);
});
