import type { Row } from '../row.ts';
import type { ReadableDataset } from './fetched-datasets.ts';
import { type Reading, readChunks } from './read-chunks.ts';
import { rowBatches } from './row-batches.ts';

export interface ReadOptions {
  /** Rows per batch, except the last; 1,000 unless told. */
  readonly batchSize?: number;
}

/** The rows of a dataset in batches, streamed, in their order. A PlatformError names the part that is missing, or is not what was written, before any of its rows is given. */
export function readRows(
  reading: Reading,
  dataset: ReadableDataset,
  options: ReadOptions = {},
): AsyncGenerator<Row[], void, void> {
  return rowBatches(
    readChunks(reading, dataset, (decoder, chunk) => decoder.rows(chunk)),
    { ...options, ...(reading.signal && { signal: reading.signal }) },
  );
}
