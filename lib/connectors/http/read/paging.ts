import { PermanentError, ValidationError } from '../../../contract/errors.ts';

/** What paging knows of a page. */
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
   * Whether a page is named by its place, so that items that come or go shift others from page to page. After a pause the last page is then read again; a cursor, in contrast, stays
   * where it is.
   */
  readonly shifts: boolean;
  /** How many pages in a row may be empty and yet name a next one. */
  readonly emptyPages: number;
  /** The status that means "there is no such page", and so the end. */
  readonly endStatus?: number;
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

/**
 * Pages that each name the address of the next: in the `Link` header (RFC 8288), `<https://api.example.com/users?page=2>; rel="next"`, or where `next` finds it in the body; null, undefined and ''
 * mean the end.
 */
export function byLink<Body>(next?: (body: Body) => string | null | undefined): Paging<Body> {
  return {
    first: (url) => url,
    next({ url, body, headers }) {
      const address = next === undefined ? nextLink(headers.get('link') ?? '') : next(body);
      if (address === null || address === undefined || address === '') return null;
      const target = URL.parse(address, url.href);
      if (target === null)
        throw new ValidationError(`the next page's address is none: ${JSON.stringify(address.slice(0, 100))}`);
      return target;
    },
    shifts: true,
    emptyPages: emptyPagesOfCursors,
  };
}

/** One link: the address, then its parameters. A value may be quoted and hold commas. */
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

/** Where pages that are named by their place end. */
export interface PageEnds {
  /**
   * Whether the API always fills its pages, so that one with fewer items than asked for is the last. By default only an empty page is the last: many APIs give fewer items per page than they are
   * asked for.
   */
  readonly shortPageEnds?: boolean;
  /** The status, 404 say, with which the API answers behind its last page instead of with an empty one. */
  readonly endStatus?: number;
}

/** Pages with numbers: `next` reads the next page's number from the body (null at the end); without it they go up one by one. A number that does not rise is a ValidationError. */
export function byPageNumber<Body>({
  parameter = 'page',
  first = 1,
  next,
  size,
  shortPageEnds = false,
  endStatus,
}: {
  readonly parameter?: string;
  readonly first?: number;
  readonly next?: (body: Body) => number | null | undefined;
  /** Items of a full page, for `shortPageEnds`. */
  readonly size?: number;
} & PageEnds = {}): Paging<Body> {
  if (shortPageEnds && !(size !== undefined && size > 0))
    throw new PermanentError('byPageNumber: shortPageEnds needs `size`, the number of items of a full page');
  return {
    first: (url) => placed(url, parameter, first),
    next({ url, body, count }) {
      const number = Number(url.searchParams.get(parameter));
      if (next === undefined) {
        const isLast = count === 0 || (shortPageEnds && count < (size ?? 0));
        return isLast ? null : withParameter(url, parameter, number + 1);
      }
      const named = next(body);
      if (named === null || named === undefined) return null;
      if (named > number) return withParameter(url, parameter, named);
      throw new ValidationError(`page ${number} names page ${named} as the next: it would never end`);
    },
    shifts: true,
    emptyPages: 0,
    ...(endStatus !== undefined && { endStatus }),
  };
}

/** Pages by the number of items before them. The API is asked for `limit` items a page; the next page begins behind those that came. */
export function byOffset<Body>({
  limit,
  parameter = 'offset',
  limitParameter = 'limit',
  shortPageEnds = false,
  endStatus,
}: {
  readonly limit: number;
  readonly parameter?: string;
  readonly limitParameter?: string;
} & PageEnds): Paging<Body> {
  return {
    first: (url) => placed(withParameter(url, limitParameter, limit), parameter, 0),
    next({ url, count }) {
      const isLast = count === 0 || (shortPageEnds && count < limit);
      return isLast ? null : withParameter(url, parameter, Number(url.searchParams.get(parameter)) + count);
    },
    shifts: true,
    emptyPages: 0,
    ...(endStatus !== undefined && { endStatus }),
  };
}

/** The address with the place that it names itself, or else with the first. */
function placed(url: URL, parameter: string, first: number): URL {
  const named = url.searchParams.get(parameter);
  if (named === null) return withParameter(url, parameter, first);
  if (/^\d{1,15}$/.test(named)) return url;
  throw new PermanentError(
    `the parameter "${parameter}" of the address is ${JSON.stringify(named)}, not a whole number`,
  );
}
