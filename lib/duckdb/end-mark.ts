import type { DuckDBDataChunk } from '@duckdb/node-api';

/**
 * A column that is true in one row behind all others. The driver ends a stream in silence when its query fails after the first rows, and does not tell it from one that is complete:
 * so a complete one ends with this row.
 */
export const endMark = '"the end of the rows"';

/** Takes the end's row off a chunk; whether it was there. */
export function takeEndMark(chunk: DuckDBDataChunk): boolean {
  const last = chunk.rowCount - 1;
  const isEnd = chunk.getColumnVector(chunk.columnCount - 1).getItem(last) === true;
  if (isEnd) chunk.rowCount = last;
  return isEnd;
}
