import { PermanentError, ValidationError } from '../../../contract/errors.ts';
import type { Step } from '../../../runtime/step.ts';
import { bearerToken, type Token } from '../bearer-token.ts';
import { requestPace } from '../request-pace.ts';
import type { Paging } from './paging.ts';
import { readJson } from './read-json.ts';
import { SeenItems, type SeenSoFar } from './seen-items.ts';

/** A schema of zod, or of another library that answers like it. */
export interface Schema<Body> {
  safeParse(value: unknown):
    | { readonly success: true; readonly data: Body }
    | {
        readonly success: false;
        readonly error: {
          readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
        };
      };
}

/** Where to go on: small JSON for a checkpoint. */
export interface HttpCursor {
  /** The page to read; null when all are read. */
  readonly url: string | null;
  /** Its number, from 1. */
  readonly page: number;
  readonly seen?: SeenSoFar;
}

/** An API that answers in pages. */
export interface HttpSource<Body, Item> {
  /** The first page. */
  readonly url: string | URL;
  readonly paging: Paging<Body>;
  /** What every page must look like; what it leaves out is not there any more. */
  readonly schema: Schema<Body>;
  readonly items: (body: Body) => readonly Item[];
  /** What tells items apart: one that comes again on a later page is left out there. */
  readonly key?: (item: Item) => string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: Token;
  readonly requestsPerSecond?: number;
  /** Where an earlier invocation has stopped. */
  readonly after?: HttpCursor | null | undefined;
}

/** One page. */
export interface HttpPage<Body, Item> {
  readonly items: Item[];
  readonly body: Body;
  /** From 1. */
  readonly number: number;
  /** Items that earlier pages had already. */
  readonly duplicates: number;
  /** Goes on behind this page. */
  readonly cursor: HttpCursor;
}

/** Pages in a row that bring nothing new, though they have items, before it is a trap. */
const stalePages = 3;

/**
 * The pages of an API, one after the other. An answer that is not as agreed is a ValidationError that names page and path; pages that would never end are one too. 408, 429, 5xx and broken
 * connections are RetryableErrors, but a short Retry-After is waited for. The token goes to the first address's host only.
 */
export async function* httpPages<Body, Item>(
  step: Pick<Step, 'fetch' | 'signal'>,
  source: HttpSource<Body, Item>,
): AsyncGenerator<HttpPage<Body, Item>> {
  const { paging, schema, key, after = null } = source;
  const begin = startOf(source.url);
  const pace = requestPace(source.requestsPerSecond, step.signal);
  const authorization = bearerToken(source.token);
  const seen = new SeenItems(after?.seen ?? []);
  const visited = new Set<string>();
  let url: URL | null = after === null ? paging.first(begin) : after.url === null ? null : new URL(after.url);
  let number = after?.page ?? 1;
  let empty = 0;
  let stale = 0;
  let before: string | null = null;

  while (url !== null) {
    const here: URL = url;
    const what = `page ${number} of ${begin.origin}${begin.pathname}`;
    const never = (problem: string) => new ValidationError(`${what} ${problem}: it would never end`);
    if (here.origin !== begin.origin)
      throw new ValidationError(
        `${what} is at ${here.origin}, and only ${begin.origin} was named: the token stays there`,
      );
    if (visited.has(here.href)) throw never('was read before');
    visited.add(here.href);

    const { json, headers } = await pace.request(() =>
      authorization.with(async (authorized) => {
        const response = await step.fetch(here, {
          headers: { accept: 'application/json', ...source.headers, ...authorized },
        });
        return { json: await readJson(response, what, step.signal), headers: response.headers };
      }),
    );
    const body = checked(schema, json, what);
    const all = source.items(body);
    const fresh = key === undefined ? [...all] : seen.fresh(all, key);
    const next = paging.next({ url: here, body, count: all.length, headers });

    if (next !== null) {
      empty = all.length === 0 ? empty + 1 : 0;
      if (empty > paging.emptyPages) throw never('is empty but names a next one');
      const text = key === undefined && all.length > 0 ? JSON.stringify(all, bigintText) : null;
      stale = all.length > 0 && (key === undefined ? text === before : fresh.length === 0) ? stale + 1 : 0;
      if (stale >= stalePages) throw never(`brings nothing new, like the ${stalePages - 1} before it`);
      before = text;
    }
    const again = paging.shifts && key !== undefined;
    yield {
      items: fresh,
      body,
      number,
      duplicates: all.length - fresh.length,
      cursor: {
        url: again ? here.href : (next?.href ?? null),
        page: again ? number : number + 1,
        ...(key !== undefined && { seen: seen.soFar() }),
      },
    };
    url = next;
    number += 1;
  }
}

const startOf = (url: string | URL): URL => {
  const parsed = URL.parse(String(url));
  if (parsed !== null && /^https?:$/.test(parsed.protocol)) return parsed;
  throw new PermanentError(`${JSON.stringify(String(url).slice(0, 100))} is not the address of an API: https://...`);
};

const checked = <Body>(schema: Schema<Body>, json: unknown, what: string): Body => {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const violations = parsed.error.issues.map(({ path, message }) => `${pathText(path)}: ${message}`);
  throw new ValidationError(`${what} does not have the agreed form:`, violations);
};

const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`))
    .join('') || 'the answer';

const bigintText = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
