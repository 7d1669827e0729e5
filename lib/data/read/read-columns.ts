import type { ReadableDataset } from './fetched-datasets.ts';
import { type ReadSession, readChunks } from './read-chunks.ts';
import type { ColumnBatch } from './vectors/chunk-decoder.ts';

/** Streams a dataset column by column, at most 2,048 rows at a time, in their order. It checks the parts as `readRows` does. */
export function readColumns(source: ReadSession, dataset: ReadableDataset): AsyncGenerator<ColumnBatch, void, void> {
  return readChunks(source, dataset, (decoder, chunk) => decoder.columns(chunk));
}
