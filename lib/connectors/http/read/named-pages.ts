import { ValidationError } from '../../../contract/errors.ts';
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
      const cursor = next(body);
      return cursor === null || cursor === undefined || cursor === '' ? null : withParameter(url, parameter, cursor);
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
