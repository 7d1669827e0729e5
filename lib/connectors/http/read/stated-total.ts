import type { HttpSource } from './http-source.ts';

/** Fields of a body, and of an object in it, in which APIs state the number of their items. */
const fields = ['total', 'total_count', 'totalCount', 'total_items', 'totalItems', 'total_results', 'totalResults'];
const objects = ['meta', 'pagination', 'paging', 'page_info', 'pageInfo'];

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
  const header =
    headers.get('x-total-count') ?? /^[\w-]+ \d+-\d+\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1];
  return wholeNumber(header) ?? totalIn(json) ?? null;
}

function totalIn(json: unknown): number | undefined {
  for (const object of [json, ...objects.map((name) => field(json, name))]) {
    for (const name of fields) {
      const total = wholeNumber(field(object, name));
      if (total !== null) return total;
    }
  }
  return undefined;
}

function field(object: unknown, name: string): unknown {
  const isObject = typeof object === 'object' && object !== null && Object.hasOwn(object, name);
  return isObject ? (object as Readonly<Record<string, unknown>>)[name] : undefined;
}

function wholeNumber(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) && (number as number) >= 0 ? (number as number) : null;
}
