import { RetryableError } from '../../../contract/errors.ts';
import type { HttpCursor } from './http-source.ts';

/** The facts that decide if a changed total can lose items. */
export interface CountRules {
  /** True if new or removed items move others to other pages. */
  readonly shifts: boolean;
  /** True if items that come twice are left out. */
  readonly hasKey: boolean;
}

const wayOut = 'if this number means something else, say so: total: () => null';

/** Compares the number of items with the total that the pages state, so that a reading that ends early is an error. */
export class ItemCount {
  readonly #rules: CountRules;
  #items: number;
  #last: number | null;
  /** The least total of this reading's pages; before the first of them, the total that the cursor carries. */
  #least: number;
  #isStated = false;

  constructor(rules: CountRules, after: HttpCursor | null) {
    this.#rules = rules;
    this.#items = after?.items ?? 0;
    this.#last = after?.total ?? null;
    this.#least = after?.total ?? Number.POSITIVE_INFINITY;
  }

  /** Counts a page. Throws a RetryableError when its total shows that items have moved between pages. */
  add(items: number, total: number | null, what: string): void {
    this.#items += items;
    if (total === null) return;
    const { shifts, hasKey } = this.#rules;
    // After a pause, the keys of the items themselves show if items moved.
    const before = hasKey && !this.#isStated ? null : this.#last;
    this.#least = this.#isStated ? Math.min(this.#least, total) : total;
    this.#last = total;
    this.#isStated = true;
    if (!shifts || before === null || total === before || (hasKey && total > before)) return;
    const danger = total < before ? 'be missing' : 'come twice';
    const remedy = hasKey ? '' : '; a `key` leaves out items that come twice';
    throw new RetryableError(
      `${what} states a total of ${total}, and the page before it ${before}: items moved to other pages, so some may ${danger}${remedy}; ${wayOut}`,
    );
  }

  /** True if as many items came as the pages state; false if they state nothing. */
  get isComplete(): boolean {
    return this.#items >= this.#least;
  }

  /** Throws a RetryableError when fewer items came than every page stated. */
  end(what: string): void {
    if (this.#least === Number.POSITIVE_INFINITY || this.isComplete) return;
    throw new RetryableError(
      `the pages end with ${what}, but only ${this.#items} of ${this.#least} items came; ${wayOut}`,
    );
  }

  /** The state for a cursor. */
  get soFar(): Pick<HttpCursor, 'items' | 'total'> {
    return { items: this.#items, ...(this.#last !== null && { total: this.#last }) };
  }
}
