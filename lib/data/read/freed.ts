import type { DuckDBDataChunk } from '@duckdb/node-api';

/**
 * Yields the same chunks, and empties each one when its reader asks for the next. The garbage collector does not know their size, and would let wide chunks
 * grow to gigabytes.
 */
export async function* freed(chunks: AsyncIterable<DuckDBDataChunk>): AsyncGenerator<DuckDBDataChunk, void, void> {
  for await (const chunk of chunks) {
    try {
      yield chunk;
    } finally {
      chunk.reset();
    }
  }
}
