import { ValidationError } from '../../../contract/errors.ts';

/** What is known after a page was read. */
export interface ReadPage<Body> {
  readonly url: URL;
  readonly body: Body;
  /** How many items it had. */
  readonly count: number;
  readonly headers: Headers;
}

/** How an API cuts its answer into pages. */
export interface Paging<Body> {
  /** The address of the first page, made of the one that the author gave. */
  first(url: URL): URL;
  /** The address of the page after this one; null after the last. */
  next(page: ReadPage<Body>): URL | null;
  /**
   * Whether a page is named by its place, so that rows that come or go shift others from page to page. After a pause the last page is then read again; a cursor, in contrast, stays
   * where it is.
   */
  readonly shifts: boolean;
  /** Pages without an item, one after the other, that may name a next one. */
  readonly emptyPages: number;
}

/** Some APIs filter after they have cut, and a cursor may lead over pages where nothing is left. */
const emptyPagesOfCursors = 20;

const withParameter = (url: URL, name: string, value: string | number): URL => {
  const changed = new URL(url);
  changed.searchParams.set(name, String(value));
  return changed;
};

/** Pages that each name a cursor for the next in their body; null, undefined and '' mean the end. */
export function byCursor<Body>(
  next: (body: Body) => string | number | null | undefined,
  { parameter = 'cursor' }: { readonly parameter?: string } = {},
): Paging<Body> {
  return {
    first: (url) => url,
    next({ url, body }) {
      const cursor = next(body);
      return cursor === null || cursor === undefined || cursor === '' ? null : withParameter(url, parameter, cursor);
    },
    shifts: false,
    emptyPages: emptyPagesOfCursors,
  };
}

/** Pages whose `Link` header (RFC 8288) names the next: `<https://api.example.com/users?page=2>; rel="next"`. */
export function byLink<Body>(): Paging<Body> {
  return {
    first: (url) => url,
    next({ url, headers }) {
      const link = nextLink(headers.get('link') ?? '');
      return link === null ? null : new URL(link, url);
    },
    shifts: true,
    emptyPages: emptyPagesOfCursors,
  };
}

/** One link after the other: the address, then its parameters, of which a value may be quoted and hold commas. */
const link = /<([^>]*)>((?:\s*;\s*[\w*-]+(?:\s*=\s*(?:"[^"]*"|[^",;\s]*))?)*)/g;

const parameter = /;\s*([\w*-]+)(?:\s*=\s*(?:"([^"]*)"|([^",;\s]*)))?/g;

const nextLink = (header: string): string | null => {
  for (const [, address = '', parameters = ''] of header.matchAll(link)) {
    for (const [, name = '', quoted, plain = ''] of parameters.matchAll(parameter)) {
      if (name.toLowerCase() === 'rel' && (quoted ?? plain).toLowerCase().split(/\s+/).includes('next')) return address;
    }
  }
  return null;
};

/**
 * Pages with numbers. `next` reads the next page's number from the body (null at the end); without it the pages go up one by one until one has less than `size` items, or none. A number that does
 * not rise is a ValidationError.
 */
export function byPageNumber<Body>({
  parameter = 'page',
  first = 1,
  next,
  size,
}: {
  readonly parameter?: string;
  readonly first?: number;
  readonly next?: (body: Body) => number | null | undefined;
  readonly size?: number;
} = {}): Paging<Body> {
  return {
    first: (url) => (url.searchParams.has(parameter) ? url : withParameter(url, parameter, first)),
    next({ url, body, count }) {
      const number = Number(url.searchParams.get(parameter));
      if (next === undefined)
        return count === 0 || count < (size ?? 0) ? null : withParameter(url, parameter, number + 1);
      const named = next(body);
      if (named === null || named === undefined) return null;
      if (named > number) return withParameter(url, parameter, named);
      throw new ValidationError(`page ${number} names page ${named} as the next: it would never end`);
    },
    shifts: true,
    emptyPages: 0,
  };
}

/** Pages by the number of items before them; the first page with less than `limit` items is the last. */
export function byOffset<Body>({
  limit,
  parameter = 'offset',
  limitParameter = 'limit',
}: {
  readonly limit: number;
  readonly parameter?: string;
  readonly limitParameter?: string;
}): Paging<Body> {
  return {
    first: (url) =>
      withParameter(withParameter(url, limitParameter, limit), parameter, url.searchParams.get(parameter) ?? 0),
    next: ({ url, count }) =>
      count < limit ? null : withParameter(url, parameter, Number(url.searchParams.get(parameter)) + count),
    shifts: true,
    emptyPages: 0,
  };
}
