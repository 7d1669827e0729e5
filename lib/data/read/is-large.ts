import type { DuckDBDataChunk } from '@duckdb/node-api';

/** Rows of a full chunk. */
const usualRows = 2048;

/** True if a chunk may hold wide rows: DuckDB writes and reads fewer of those at a time. */
export function isLarge(chunk: DuckDBDataChunk): boolean {
  return chunk.rowCount < usualRows;
}
