import { Buffer } from 'node:buffer';
import type { Value } from '../../row.ts';

/** The batch makes its texts after this many bytes. A value that a handler keeps may keep the whole batch alive, so the limit is small. */
const batchBytes = 480;

/** Length of the longest text, rounded up: a moment with a six-digit year and six digits after the second has 31 bytes, a decimal of 38 digits 40. */
const textBytes = 64;

const latin1Slice = (Buffer.prototype as unknown as { latin1Slice(this: Buffer, start: number, end: number): string })
  .latin1Slice;

const [minus, zero] = [0x2d, 0x30];

/**
 * Writes texts of digits and signs as bytes and makes them into strings in batches. Joining strings takes several times as long, and from 13 characters on V8
 * would keep the pieces.
 */
export class TextBatch {
  readonly #bytes = Buffer.allocUnsafeSlow(batchBytes + textBytes);
  readonly #ends = new Int32Array(batchBytes + textBytes);
  readonly #indexes = new Int32Array(batchBytes + textBytes);
  readonly #values: Value[];
  #at = 0;
  #count = 0;

  /** The batch writes its texts into `values`. */
  constructor(values: Value[]) {
    this.#values = values;
  }

  /** Adds one character, by its code. */
  character(code: number): void {
    this.#bytes[this.#at] = code;
    this.#at += 1;
  }

  /** Adds a minus sign. */
  minus(): void {
    this.character(minus);
  }

  /** Adds the last `count` digits of a whole number from 0 to 2^53. */
  digits(value: number, count: number): void {
    const end = this.#at + count;
    let rest = value;
    let at = end;
    // Division of 31-bit whole numbers is several times as fast.
    while (rest > 0x7fff_ffff && at > this.#at) {
      const above = Math.floor(rest / 10);
      at -= 1;
      this.#bytes[at] = zero + (rest - above * 10);
      rest = above;
    }
    let small = rest | 0;
    while (at > this.#at) {
      const above = (small / 10) | 0;
      at -= 1;
      this.#bytes[at] = zero + (small - above * 10);
      small = above;
    }
    this.#at = end;
  }

  /** Ends the current text, which becomes the value at `index`. */
  end(index: number): void {
    this.#ends[this.#count] = this.#at;
    this.#indexes[this.#count] = index;
    this.#count += 1;
    if (this.#at >= batchBytes) this.flush();
  }

  /** Makes the strings. */
  flush(): void {
    const text = latin1Slice.call(this.#bytes, 0, this.#at);
    let start = 0;
    for (let each = 0; each < this.#count; each += 1) {
      const end = this.#ends[each] as number;
      this.#values[this.#indexes[each] as number] = text.substring(start, end);
      start = end;
    }
    this.#at = 0;
    this.#count = 0;
  }
}

/** Returns the number of digits of a whole number from 0 to 2^53; 1 for 0. */
export function digitsOf(value: number): number {
  let [digits, above] = [1, 10];
  while (value >= above) {
    digits += 1;
    above *= 10;
  }
  return digits;
}
