import { PermanentError, RetryableError, ValidationError } from '../../../contract/errors.ts';
import type { Step } from '../../../runtime/step.ts';
import { checkPage } from './check-page.ts';
import type { HttpCursor, HttpPage, HttpSource } from './http-source.ts';
import { ItemCount } from './item-count.ts';
import { checkRefusal } from './page-refusal.ts';
import { PageTrail } from './page-trail.ts';
import { pageReader, type ReadPageAt } from './request-page.ts';
import { SeenItems } from './seen-items.ts';
import { type LastPage, statedMore } from './stated-more.ts';
import { statedTotal } from './stated-total.ts';

/** A page to read, by its number from 1. */
interface PageAddress {
  readonly url: URL;
  readonly number: number;
}

/** A page that was read, and the address of the next; `next` is null after the last. */
interface ReadPage<Body, Item> {
  readonly page: HttpPage<Body, Item>;
  readonly next: PageAddress | null;
}

/** Items of a page. Without a key, `isStale` is unknown. */
interface PageItems<Item> {
  readonly all: readonly Item[];
  readonly fresh: Item[];
  readonly isStale: boolean | null;
}

/** One reading of an API's pages, with the state that each page is checked against. */
export class PageWalk<Body, Item> {
  /** Null if an earlier invocation has read all pages. */
  readonly first: PageAddress | null;
  readonly #source: HttpSource<Body, Item>;
  /** The address of the source, without its query. */
  readonly #of: string;
  readonly #read: ReadPageAt;
  readonly #trail: PageTrail;
  readonly #count: ItemCount;
  readonly #seen: SeenItems;

  constructor(step: Pick<Step, 'fetch' | 'signal'>, source: HttpSource<Body, Item>) {
    const { url, paging, key, after = null } = source;
    const begin = parseUrl(url);
    this.#source = source;
    this.#of = `${begin.origin}${begin.pathname}`;
    this.first = addressOf(after, this.#of) ?? (after === null ? { url: paging.first(begin), number: 1 } : null);
    this.#read = pageReader(step, source, begin);
    this.#trail = new PageTrail(paging);
    this.#count = new ItemCount({ shifts: paging.shifts, hasKey: key !== undefined }, after);
    this.#seen = new SeenItems(after?.seen ?? []);
  }

  /** Reads a page; null if it does not exist and the page before it was the last. */
  async page(address: PageAddress): Promise<ReadPage<Body, Item> | null> {
    const { url, number } = address;
    const what = `page ${number} of ${this.#of}`;
    this.#trail.enter(url, what);
    const answer = await this.#read({ url, what, isEnd: (status) => number > 1 && this.#isEnd(status) });
    if (answer === null) {
      this.#checkOverlap(address, null, what);
      this.#count.end(what);
      return null;
    }
    if (this.#source.judge === undefined) checkRefusal(answer.json, what);
    const body = checkPage(this.#source.schema, answer.json, what);
    const refusal = this.#source.judge?.({ body, headers: answer.headers });
    if (typeof refusal === 'string') throw new PermanentError(`${what}: ${refusal}`);
    const items = this.#itemsOf(body, what);
    this.#checkOverlap(address, items, what);
    this.#count.add(items.fresh.length, statedTotal(this.#source, { ...answer, body }), what);
    const next = this.#source.paging.next({ url, body, count: items.all.length, headers: answer.headers });
    this.#checkWay(items, next, what);
    if (next === null) this.#checkEnd({ ...answer, body, count: items.all.length, number }, what);
    const { fresh, all } = items;
    const cursor = this.#cursor(address, next);
    return {
      page: { items: fresh, body, number, duplicates: all.length - fresh.length, cursor },
      next: next === null ? null : { url: next, number: number + 1 },
    };
  }

  /** True if a status means that the page does not exist because the last one was read. */
  #isEnd(status: number): boolean {
    return status === this.#source.paging.endStatus || (status === 404 && this.#count.isComplete);
  }

  #itemsOf(body: Body, what: string): PageItems<Item> {
    const { items, key } = this.#source;
    const all: unknown = items(body);
    if (!isList<Item>(all))
      throw new ValidationError(
        `${what}: \`items\` gives ${all === null ? 'null' : `a value of type ${typeof all}`}, and not a list`,
      );
    return key === undefined ? { all, fresh: [...all], isStale: null } : { all, ...this.#seen.add(all, key, what) };
  }

  /** True if pages are found by their address and items by their key. Then the items of the last page bridge a pause. */
  get #isReadAgain(): boolean {
    return this.#source.paging.shifts && this.#source.key !== undefined;
  }

  /** After a pause the last page is read again. If it has none of its former items, items moved by more than a page. */
  #checkOverlap(address: PageAddress, items: PageItems<Item> | null, what: string): void {
    const isAfterPause = address === this.first && this.#isReadAgain && this.#source.after?.seen?.length;
    if (!isAfterPause || (items !== null && (items.all.length === 0 || items.fresh.length < items.all.length))) return;
    throw new RetryableError(
      `${what} was read before the pause, and ${items === null ? 'does not exist' : 'has other items'} now: items moved by more than a page, so some may be missing; run the step again from its beginning`,
    );
  }

  /** Checks the count before it gives the last page: after that the reader may never come back. */
  #checkWay({ all, isStale }: PageItems<Item>, next: URL | null, what: string): void {
    if (next === null) this.#count.end(what);
    else this.#trail.pass({ what, items: all, isStale });
  }

  /** The last page may say that it is not the last. */
  #checkEnd(last: LastPage & { readonly body: Body }, what: string): void {
    const { more } = this.#source;
    const fact = more === undefined ? statedMore(last) : more(last) ? '`more` says so' : null;
    if (fact === null) return;
    throw new RetryableError(
      `the pages end with ${what}, but more of them follow: ${fact}; let the paging follow them, or say that it means something else: more: () => null`,
    );
  }

  #cursor({ url, number }: PageAddress, next: URL | null): HttpCursor {
    const address = this.#isReadAgain ? { url: url.href, page: number } : { url: next?.href ?? null, page: number + 1 };
    const seen = this.#source.key === undefined ? {} : { seen: this.#seen.soFar() };
    return { ...address, of: this.#of, ...this.#count.soFar, ...seen };
  }
}

function isList<Item>(value: unknown): value is readonly Item[] {
  return Array.isArray(value);
}

function parseUrl(url: string | URL): URL {
  const parsed = URL.parse(String(url));
  if (parsed !== null && /^https?:$/.test(parsed.protocol)) return parsed;
  throw new PermanentError(`${JSON.stringify(String(url).slice(0, 100))} is not the address of an API: https://...`);
}

/** The address that a cursor names. A cursor of another address would mix the data of two APIs. */
function addressOf(after: HttpCursor | null, of: string): PageAddress | null {
  if (after === null || after.url === null) return null;
  if (after.of === undefined || after.of === of) return { url: new URL(after.url), number: after.page };
  throw new PermanentError(
    `the cursor is one of ${after.of}, and the source is ${of} now: run the step again from its beginning`,
  );
}
