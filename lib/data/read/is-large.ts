import type { DuckDBDataChunk } from '@duckdb/node-api';

/** Rows of a chunk when nothing is in their way. */
const usualRows = 2048;

/** Whether a chunk may hold wide rows: of those DuckDB writes, and reads, fewer at a time. */
export function isLarge(chunk: DuckDBDataChunk): boolean {
  return chunk.rowCount < usualRows;
}
