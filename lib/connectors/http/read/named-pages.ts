import { ValidationError } from '../../../contract/errors.ts';
import { ExactNumber } from '../../../exact/exact-number.ts';
import { nextLink } from './next-link.ts';
import { type Paging, withParameter } from './paging.ts';

/** Most empty pages in a row. Some APIs filter after they have cut the pages, so a cursor may lead over pages with no items left. */
const emptyPagesOfCursors = 20;

/** Pages whose body names a cursor for the next page; null, undefined and '' mean the end. */
export function byCursor<Body>(
  next: (body: Body) => string | number | null | undefined,
  { parameter = 'cursor' }: { readonly parameter?: string } = {},
): Paging<Body> {
  return {
    first: (url) => url,
    next({ url, body }) {
      const cursor: unknown = next(body);
      if (cursor === null || cursor === undefined || cursor === '') return null;
      if (isCursor(cursor)) return withParameter(url, parameter, String(cursor));
      throw new ValidationError(
        `the next page's cursor is ${JSON.stringify(cursor)}, which is no text and no number; null ends the reading`,
      );
    },
    shifts: false,
    emptyPages: emptyPagesOfCursors,
  };
}

/**
 * Pages that name the address of the next page: in the `Link` header (RFC 8288), `<https://api.example.com/users?page=2>; rel="next"`, or where `next` finds it
 * in the body. Null, undefined and '' mean the end.
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

function isCursor(value: unknown): boolean {
  return ['string', 'number', 'bigint'].includes(typeof value) || value instanceof ExactNumber;
}
