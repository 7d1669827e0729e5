/** The first `size` of many items in the order of `compare`, kept while they pass by; memory is `size` items. */
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

  /** In order, the first one first. */
  get items(): readonly Item[] {
    return this.#items;
  }
}
