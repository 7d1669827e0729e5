/** The first `size` items of a stream in the order of `compare`. Memory is `size` items. */
export class TopList<Item> {
  readonly #size: number;
  readonly #compare: (a: Item, b: Item) => number;
  #items: Item[] = [];

  constructor(size: number, compare: (a: Item, b: Item) => number) {
    this.#size = size;
    this.#compare = compare;
  }

  add(item: Item): void {
    const last = this.#items.at(-1);
    if (this.#items.length === this.#size && last !== undefined && this.#compare(item, last) >= 0) return;
    this.#items = [...this.#items, item].sort(this.#compare).slice(0, this.#size);
  }

  /** In order, first item first. */
  get items(): readonly Item[] {
    return this.#items;
  }
}
