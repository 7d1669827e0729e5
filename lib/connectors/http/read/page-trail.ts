import { createHash } from 'node:crypto';
import { ValidationError } from '../../../contract/errors.ts';
import type { Paging } from './paging.ts';

/** So many pages in a row that have items, but no new ones, are a trap. */
const stalePages = 3;

/** A page that is followed by another one. */
export interface PassedPage {
  /** Names the page in errors. */
  readonly what: string;
  readonly items: readonly unknown[];
  /** True if all items came before; null if items have no key. */
  readonly isStale: boolean | null;
}

/** The way from page to page. A page that comes twice, and pages that would never end, are ValidationErrors. */
export class PageTrail {
  readonly #paging: Pick<Paging<never>, 'emptyPages'>;
  readonly #visited = new Set<string>();
  /** Digests of pages whose items have no key, each with the page's name. */
  readonly #contents = new Map<string, string>();
  #empty = 0;
  #stale = 0;

  constructor(paging: Pick<Paging<never>, 'emptyPages'>) {
    this.#paging = paging;
  }

  /** Records an address; throws if it was read before. */
  enter(url: URL, what: string): void {
    if (this.#visited.has(url.href)) throw neverEnds(what, 'was read before');
    this.#visited.add(url.href);
  }

  /** Checks a page before the way leads on. */
  pass({ what, items, isStale }: PassedPage): void {
    this.#empty = items.length === 0 ? this.#empty + 1 : 0;
    if (this.#empty > this.#paging.emptyPages) throw neverEnds(what, 'is empty but names a next one');
    if (items.length === 0) return;
    if (isStale === null) this.#checkContent(items, what);
    this.#stale = isStale ? this.#stale + 1 : 0;
    if (this.#stale >= stalePages) throw neverEnds(what, `brings nothing new, like the ${stalePages - 1} before it`);
  }

  #checkContent(items: readonly unknown[], what: string): void {
    const content = createHash('sha256').update(JSON.stringify(items, bigintText)).digest('base64');
    const before = this.#contents.get(content);
    if (before !== undefined)
      throw new ValidationError(
        `${what} brings nothing new: it has the same items as ${before}. Either the API does not understand the parameter of its paging, or it repeats a page; a \`key\` leaves out items that come twice`,
      );
    this.#contents.set(content, what);
  }
}

const neverEnds = (what: string, problem: string) => new ValidationError(`${what} ${problem}: it would never end`);

const bigintText = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
