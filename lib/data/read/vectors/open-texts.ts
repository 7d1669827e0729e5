import { Buffer, isAscii } from 'node:buffer';
import type { VectorAccess } from '../../../duckdb/load-vectors.ts';
import type { Value } from '../../row.ts';
import { giveBack } from './give-back.ts';
import { bytesOfValue, isNull, nullBits, type VectorOpener, vectorBytes } from './open-vector.ts';

/** Length of the longest text that the vector itself holds. For a longer text it holds an address. */
const inlineBytes = 12;

/** A run of neighbours ends after this many bytes, which limits each copy. */
const runBytes = 512 * 1024;

const highBits = 0x80808080;

/** Buffer.toString() without its choice of encoding. For a short text that choice takes as long as the rest. */
const { latin1Slice, utf8Slice } = Buffer.prototype as unknown as Record<
  'latin1Slice' | 'utf8Slice',
  (this: Buffer, start: number, end: number) => string
>;

/**
 * Opens VARCHAR. Each text becomes an independent string: a slice of a larger string would keep the larger one in memory for as long as the handler keeps the
 * slice. Texts of up to 12 bytes come out of the vector. For longer texts a driver call costs more than the text, so one call fetches adjacent texts together.
 */
export const openTexts: VectorOpener = (access, raw) => {
  const nulls = nullBits(access, raw);
  const bytes = vectorBytes(access, raw, 16);
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, raw.count * 4);
  const inline = latin1Slice.call(bytes, 0, bytes.length);
  let longBytes = 0;
  for (let at = 0; at < raw.count; at += 1) {
    const length = words[4 * at] as number;
    if (length > inlineBytes && !isNull(nulls, at)) longBytes += length;
  }
  return {
    bytes: raw.count * bytesOfValue + longBytes,
    read: (from, to) => {
      const values = new Array<Value>(to - from);
      const long: number[] = [];
      for (let at = from; at < to; at += 1) {
        const word = 4 * at;
        const length = words[word] as number;
        if (isNull(nulls, at)) values[at - from] = null;
        else if (length > inlineBytes) long.push(at);
        else {
          const start = 16 * at + 4;
          const content = (words[word + 1] as number) | (words[word + 2] as number) | (words[word + 3] as number);
          // V8 makes slices that refer to the whole only from 13 characters on.
          values[at - from] =
            (content & highBits) === 0
              ? inline.substring(start, start + length)
              : utf8Slice.call(bytes, start, start + length);
        }
      }
      readLongTexts(access, words, long, (at, text) => {
        values[at - from] = text;
      });
      return values;
    },
  };
};

const addressOf = (words: Uint32Array, at: number): number =>
  (words[4 * at + 3] as number) * 0x1_0000_0000 + (words[4 * at + 2] as number);

const readLongTexts = (
  access: VectorAccess,
  words: Uint32Array,
  long: readonly number[],
  take: (at: number, text: string) => void,
): void => {
  const address = new Uint32Array(2);
  for (let from = 0; from < long.length; ) {
    const first = long[from] as number;
    const start = addressOf(words, first);
    let end = start + (words[4 * first] as number);
    let to = from + 1;
    // The texts must be exactly adjacent: a gap may be unowned memory.
    while (to < long.length && end - start < runBytes && addressOf(words, long[to] as number) === end) {
      end += words[4 * (long[to] as number)] as number;
      to += 1;
    }
    address.set(words.subarray(4 * first + 2, 4 * first + 4));
    const run = access.get_data_from_pointer(address.buffer, 0, end - start);
    const cut = isAscii(run) ? latin1Slice : utf8Slice;
    for (let position = 0; from < to; from += 1) {
      const at = long[from] as number;
      const length = words[4 * at] as number;
      take(at, cut.call(run, position, position + length));
      position += length;
    }
    giveBack(run);
  }
};
