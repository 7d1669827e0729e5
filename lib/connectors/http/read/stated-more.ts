import { nextLink } from './next-link.ts';
import { fieldsOf, placesIn } from './page-facts.ts';

/** Flags that say whether pages follow; without `_`, `-` and capitals. */
const flags: Readonly<Record<string, boolean>> = {
  hasmore: true,
  hasnext: true,
  hasnextpage: true,
  hasmoreitems: true,
  moreresults: true,
  istruncated: true,
  truncated: true,
  islast: false,
  islastpage: false,
  last: false,
  done: false,
};

/** Fields that name the next page. */
const nextNames = /^(?:next|nextlink|nexturl|nextpage|nextpageurl|nextpagetoken|nexttoken|nextcursor|odatanextlink)$/;

/** Fields that state the number of pages. */
const pageCounts = /^(?:totalpages|pagecount|lastpage|pagestotal)$/;
const countHeaders = ['x-total-pages', 'x-wp-totalpages'];

/** The last page of a reading. */
export interface LastPage {
  readonly json: unknown;
  readonly headers: Headers;
  /** Number of its items. */
  readonly count: number;
  /** From 1. */
  readonly number: number;
}

/** Returns the fact by which an answer states that pages follow it; null if it states none. */
export function statedMore({ json, headers, count, number }: LastPage): string | null {
  for (const place of placesIn(json)) {
    const current = Math.max(
      number,
      ...fieldsOf(place).map(({ plain, value }) =>
        /^(?:page|currentpage|pagenumber)$/.test(plain) ? Number(value) || 0 : 0,
      ),
    );
    for (const { name, plain, value } of fieldsOf(place)) {
      const isMore =
        (Object.hasOwn(flags, plain) && value === flags[plain]) ||
        (count > 0 && nextNames.test(plain) && isNamed(value)) ||
        (pageCounts.test(plain) && Number(value) > current);
      if (isMore) return `"${name}" is ${JSON.stringify(value, bigintText)}`;
    }
  }
  const header = countHeaders.find((name) => Number(headers.get(name)) > number);
  if (header !== undefined) return `${header} is ${headers.get(header)}`;
  const link = count > 0 ? nextLink(headers.get('link') ?? '') : null;
  return link === null ? null : 'the Link header names a next page';
}

function isNamed(value: unknown): boolean {
  // HAL wraps an address: {"next": {"href": "..."}}.
  const [href] = fieldsOf(value).filter(({ name }) => name === 'href');
  if (href !== undefined) return isNamed(href.value);
  return (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'bigint';
}

const bigintText = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
