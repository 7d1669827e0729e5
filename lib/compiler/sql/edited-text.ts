/** A text with replaced parts, which knows the original position of each of its characters. */
export class EditedText {
  #text: string;
  /** Per UTF-16 unit its index in the original, and one for the end. */
  #origins: number[];

  constructor(text: string) {
    this.#text = text;
    this.#origins = Array.from({ length: text.length + 1 }, (_, index) => index);
  }

  get text(): string {
    return this.#text;
  }

  /** The original's index for an index of the current text. */
  origin(index: number): number {
    return this.#origins[Math.max(0, Math.min(index, this.#text.length))] ?? 0;
  }

  /** Replaces what stands in the original from one index up to, not including, another, and was not replaced before. */
  replace(start: number, end: number, by: string): void {
    const [from, to] = [this.#origins.indexOf(start), this.#origins.indexOf(end)];
    this.#text = this.#text.slice(0, from) + by + this.#text.slice(to);
    this.#origins = [...this.#origins.slice(0, from), ...Array.from(by, () => start), ...this.#origins.slice(to)];
  }
}
