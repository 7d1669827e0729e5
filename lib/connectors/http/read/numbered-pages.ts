import { PermanentError, ValidationError } from '../../../contract/errors.ts';
import { type Paging, withParameter } from './paging.ts';

/** The end of pages that are found by number or offset. */
export interface PageEnds {
  /**
   * True if the API always fills its pages, so that a page with fewer items than asked for is the last. By default only an empty page is the last, since many
   * APIs give fewer items per page than asked for.
   */
  readonly shortPageEnds?: boolean;
  /** The status (404, for example) that the API sends behind its last page instead of an empty page. */
  readonly endStatus?: number;
}

/**
 * Pages with numbers. `next` reads the next page's number from the body (null at the end); without it the numbers go up by one. A number that does not rise is
 * a ValidationError.
 */
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
      if (next !== undefined) return numbered(url, parameter, risen(number, next(body)));
      return numbered(url, parameter, isLastPage(count, shortPageEnds ? size : undefined) ? null : number + 1);
    },
    shifts: true,
    emptyPages: 0,
    ...(endStatus !== undefined && { endStatus }),
  };
}

/** Pages by the number of items before them. The request asks for `limit` items; the next page begins behind the items that came. */
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
      const offset = Number(url.searchParams.get(parameter)) + count;
      return numbered(url, parameter, isLastPage(count, shortPageEnds ? limit : undefined) ? null : offset);
    },
    shifts: true,
    emptyPages: 0,
    ...(endStatus !== undefined && { endStatus }),
  };
}

function numbered(url: URL, parameter: string, number: number | null): URL | null {
  return number === null ? null : withParameter(url, parameter, number);
}

/** `full` is the number of items on every page but the last; undefined if it is unknown. */
function isLastPage(count: number, full: number | undefined): boolean {
  return count === 0 || (full !== undefined && count < full);
}

/** The number of the next page, as a page names it; null at the end. */
function risen(number: number, named: number | null | undefined): number | null {
  if (named === null || named === undefined) return null;
  if (named > number) return named;
  throw new ValidationError(`page ${number} names page ${named} as the next: it would never end`);
}

/** The address with the place that it already names, or else with the first. */
function placed(url: URL, parameter: string, first: number): URL {
  const named = url.searchParams.get(parameter);
  if (named === null) return withParameter(url, parameter, first);
  if (/^\d{1,15}$/.test(named)) return url;
  throw new PermanentError(
    `the parameter "${parameter}" of the address is ${JSON.stringify(named)}, not a whole number`,
  );
}
