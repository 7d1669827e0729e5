import type { Span } from './diagnostic.ts';

/** A named text that knows the line and column of each character. */
export class SourceFile {
  readonly file: string;
  readonly text: string;
  /** Offset of each line's first character. */
  readonly #starts: number[] = [0];

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) this.#starts.push(i + 1);
    }
  }

  /**
   * Returns the 1-based line and column (in UTF-16 units, as editors count) of an offset. An offset outside the text moves to the nearer end; one inside a CRLF
   * moves to its beginning.
   */
  position(offset: number): { line: number; column: number } {
    const inside = Math.max(0, Math.min(offset, this.text.length));
    const at = inside > 0 && this.text.startsWith('\r\n', inside - 1) ? inside - 1 : inside;
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (this.#starts[low] ?? 0) + 1 };
  }

  /** Returns the span from one offset up to, but without, another. */
  span(start: number, end: number = start): Span {
    const first = this.position(start);
    const last = this.position(Math.max(start, end));
    return { file: this.file, line: first.line, column: first.column, endLine: last.line, endColumn: last.column };
  }

  /** Returns a line's text without its line break; empty outside the text. */
  line(number: number): string {
    const start = this.#starts[number - 1];
    if (start === undefined) return '';
    return this.text.slice(start, this.#starts[number] ?? this.text.length).replace(/[\r\n]+$/, '');
  }
}
