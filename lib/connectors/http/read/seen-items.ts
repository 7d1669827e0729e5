import { createHash } from 'node:crypto';

/** What a cursor remembers of the items before it: short digests of the last keys. */
export type SeenSoFar = readonly string[];

/** 66 bits are enough to tell the items of some pages apart, and a cursor is small. */
const digestOf = (key: string): string => createHash('sha256').update(key).digest('base64url').slice(0, 11);

/** About 30 KB in a checkpoint, which may have 64. */
const mostRecent = 2_000;

/** Keeps the keys of all items, so that one that moved to a later page counts once; of those before a cursor it knows the last 2,000. */
export class SeenItems {
  readonly #keys = new Set<string>();
  readonly #before: ReadonlySet<string>;
  #recent: readonly string[];

  constructor(before: SeenSoFar) {
    this.#before = new Set(before);
    this.#recent = before;
  }

  /** The items of a page that are new. */
  fresh<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
    const digests: string[] = [];
    const found = items.filter((item) => {
      const key = keyOf(item);
      const digest = digestOf(key);
      if (this.#keys.has(key) || this.#before.has(digest)) return false;
      this.#keys.add(key);
      digests.push(digest);
      return true;
    });
    this.#recent = [...this.#recent, ...digests].slice(-mostRecent);
    return found;
  }

  soFar(): SeenSoFar {
    return this.#recent;
  }
}
