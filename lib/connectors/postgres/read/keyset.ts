import { PermanentError } from '../../../contract/errors.ts';
import { quotedValue } from '../../../exact/quoted-value.ts';
import type { RowChunk } from './copy-out.ts';
import { csvFields } from './csv-fields.ts';

/** Rows up to a cursor, which is the last row's values of the key columns; null without a key. */
export interface KeyedChunk {
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly after: readonly string[] | null;
}

/** Rows of the last key seen; more of them may come. */
interface Tail {
  readonly bytes: Buffer;
  readonly rows: number;
  readonly key: readonly string[];
}

/** Most rows of one key that are held. A cursor is not made for more of them. */
const longestTail = 64 * 1024 * 1024;

/**
 * Cuts chunks of rows, ordered by a key, where the key changes. So "all rows behind the cursor" never leaves one out or gives one twice, even if rows share a
 * key. A row without a key is a PermanentError: no cursor would find it again.
 */
export async function* keyedChunks(
  chunks: AsyncIterable<RowChunk>,
  positions: readonly number[],
): AsyncGenerator<KeyedChunk> {
  const keyOf = (row: Uint8Array): readonly string[] => {
    const fields = csvFields(Buffer.from(row.buffer, row.byteOffset, row.length).toString('utf8'));
    return positions.map((position) => {
      const value = fields[position];
      if (value === null || value === undefined)
        throw new PermanentError('a row has no value in a column of the key: choose columns that are never null');
      return value;
    });
  };
  let tail: Tail | null = null;
  for await (const { bytes, rows, starts } of chunks) {
    const row = (index: number): Buffer => bytes.subarray(starts[index], starts[index + 1] ?? bytes.length);
    const last = keyOf(row(rows - 1));
    let first = rows - 1;
    let before: readonly string[] | null = null;
    while (first > 0 && before === null) {
      const key = keyOf(row(first - 1));
      if (isSame(key, last)) first -= 1;
      else before = key;
    }
    let head = bytes.subarray(0, starts[first]);
    let headRows = first;
    // Rows of the tail's key may continue here: they stay together.
    if (tail !== null && isSame(tail.key, before === null ? last : keyOf(row(0)))) {
      head = Buffer.concat([tail.bytes, head]);
      headRows += tail.rows;
    } else if (tail !== null) yield { bytes: tail.bytes, rows: tail.rows, after: tail.key };
    // A copy, since the next chunk overwrites the bytes of this one.
    const rest = Buffer.from(bytes.subarray(starts[first]));
    if (before === null) {
      tail = { bytes: Buffer.concat([head, rest]), rows: headRows + rows - first, key: last };
    } else {
      yield { bytes: head, rows: headRows, after: before };
      tail = { bytes: rest, rows: rows - first, key: last };
    }
    if (tail.bytes.length > longestTail) {
      throw new PermanentError(
        `more than ${longestTail / 1024 / 1024} MB of rows share the key ${quotedValue(JSON.stringify(last))}: the key has to tell rows apart, or nearly so`,
      );
    }
  }
  if (tail !== null) yield { bytes: tail.bytes, rows: tail.rows, after: tail.key };
}

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.every((value, index) => value === b[index]);
