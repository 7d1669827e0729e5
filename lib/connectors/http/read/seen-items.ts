import { createHash } from 'node:crypto';
import { PermanentError, ValidationError } from '../../../contract/errors.ts';
import { quotedValue } from '../../../exact/quoted-value.ts';

/** Short digests of the last keys before a cursor. */
export type SeenSoFar = readonly string[];

/** A page without the items whose key came before. */
export interface SeenPage<Item> {
  readonly fresh: Item[];
  /** True if this reading, apart from pauses, had each of its items before. */
  readonly isStale: boolean;
}

/** Identifies an item. */
export type KeyOf<Item> = (item: Item) => string | number | bigint;

/** 66 bits are enough to tell the items of some pages apart, and keep a cursor small. */
const digestOf = (key: string): string => createHash('sha256').update(key).digest('base64url').slice(0, 11);

/** Keys in a cursor: about 30 KB of a checkpoint, which may have 64 KB. */
const mostRecent = 2_000;

/** Keeps the keys of all items, so that an item that moved to a later page counts once. Of the items before a cursor it knows the last 2,000. */
export class SeenItems {
  readonly #keys = new Set<string>();
  readonly #before: ReadonlySet<string>;
  #recent: readonly string[];

  constructor(before: SeenSoFar) {
    this.#before = new Set(before);
    this.#recent = before;
  }

  /** Finds the new items of a page. An invalid key is a PermanentError; a key that two different items of the page share is a ValidationError. */
  add<Item>(items: readonly Item[], keyOf: KeyOf<Item>, what: string): SeenPage<Item> {
    const ofPage = new Map<string, Item>();
    const digests: string[] = [];
    const known = this.#keys.size;
    const fresh = items.filter((item, index) => {
      const key = keyText(keyOf(item), `${what}, item ${index}`);
      const twin = ofPage.get(key);
      if (twin !== undefined && contentOf(twin) !== contentOf(item))
        throw new ValidationError(
          `${what} has two different items with the key ${quotedValue(key)}: one of them would be left out; name a key that tells them apart`,
        );
      ofPage.set(key, item);
      const digest = digestOf(key);
      if (this.#keys.has(key)) return false;
      this.#keys.add(key);
      if (this.#before.has(digest)) return false;
      digests.push(digest);
      return true;
    });
    this.#recent = [...this.#recent, ...digests].slice(-mostRecent);
    return { fresh, isStale: this.#keys.size === known };
  }

  soFar(): SeenSoFar {
    return this.#recent;
  }
}

function keyText(key: unknown, what: string): string {
  if (typeof key === 'string' || typeof key === 'bigint' || Number.isFinite(key)) return String(key);
  throw new PermanentError(`${what}: its key is ${JSON.stringify(key) ?? 'undefined'}, not a text or a number`);
}

const contentOf = (item: unknown): string =>
  JSON.stringify(item, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
