import type { DuckDBDataChunk } from '@duckdb/node-api';

/** The same chunks, each emptied when its reader asks for the next: the garbage collector knows nothing of their size, and would let wide ones pile up to gigabytes. */
export async function* freed(chunks: AsyncIterable<DuckDBDataChunk>): AsyncGenerator<DuckDBDataChunk, void, void> {
  for await (const chunk of chunks) {
    try {
      yield chunk;
    } finally {
      chunk.reset();
    }
  }
}
