import type { DuckDBDataChunk } from '@duckdb/node-api';

/**
 * A column that is true in one extra row after all others. The driver ends a stream silently when its query fails after the first rows. Only a complete stream
 * ends with this row.
 */
export const endMark = '"the end of the rows"';

/** Removes the end row from a chunk. Returns true if the chunk had it. */
export function takeEndMark(chunk: DuckDBDataChunk): boolean {
  const last = chunk.rowCount - 1;
  const isEnd = chunk.getColumnVector(chunk.columnCount - 1).getItem(last) === true;
  if (isEnd) chunk.rowCount = last;
  return isEnd;
}
