import type { HttpSource } from './http-source.ts';
import { fieldsOf, placesIn } from './page-facts.ts';

/** Fields in which APIs state the number of their items. */
const totals =
  /^(?:total|totalcount|totalitems|totalresults|totalelements|totalrecords|totalentries|totalsize|odatacount)$/;

const headerNames = ['x-total-count', 'x-total', 'x-wp-total'];

/** An answer, with the body as the schema gives it and as it came. */
interface AnsweredPage<Body> {
  readonly body: Body;
  readonly json: unknown;
  readonly headers: Headers;
}

/** The number of items in all pages together, as an API states it; null if it does not. */
export function statedTotal<Body, Item>(
  { total }: Pick<HttpSource<Body, Item>, 'total'>,
  { body, json, headers }: AnsweredPage<Body>,
): number | null {
  if (total !== undefined) return wholeNumber(total({ body, headers }));
  return totalInHeaders(headers) ?? totalIn(json);
}

function totalInHeaders(headers: Headers): number | null {
  for (const name of headerNames) {
    // A proxy may repeat a header.
    const [value, ...others] = new Set((headers.get(name) ?? '').split(/\s*,\s*/));
    const total = others.length === 0 ? wholeNumber(value) : null;
    if (total !== null) return total;
  }
  return wholeNumber(/^[\w-]+ (?:\d+-\d+|\*)\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1]);
}

function totalIn(json: unknown): number | null {
  for (const place of placesIn(json)) {
    for (const { plain, value } of fieldsOf(place)) {
      const total = totals.test(plain) ? wholeNumber(value) : null;
      if (total !== null) return total;
    }
  }
  return null;
}

function wholeNumber(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) && (number as number) >= 0 ? (number as number) : null;
}
