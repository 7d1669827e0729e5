import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { Column } from '../../columns/column-type.ts';
import type { Row } from '../row.ts';
import { freed } from './freed.ts';
import { isLarge } from './is-large.ts';
import { oneAhead } from './one-ahead.ts';
import { type BatchOptions, rowBatches } from './row-batches.ts';
import { chunkDecoder } from './vectors/chunk-decoder.ts';

/**
 * Streams the rows of a query with these columns in batches. While a batch is in use DuckDB makes the next chunk, and little more. A reader that stops early
 * stops the query.
 */
export function queryRows(
  chunks: AsyncIterable<DuckDBDataChunk>,
  columns: readonly Column[],
  options: BatchOptions = {},
): AsyncGenerator<Row[], void, void> {
  return rowBatches(decoded(chunks, columns), options);
}

async function* decoded(
  chunks: AsyncIterable<DuckDBDataChunk>,
  columns: readonly Column[],
): AsyncGenerator<Row[], void, void> {
  const decoder = chunkDecoder(columns);
  for await (const chunk of freed(oneAhead(chunks, isLarge))) yield* decoder.rows(chunk);
}
