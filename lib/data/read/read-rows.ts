import type { Row } from '../row.ts';
import type { ReadableDataset } from './fetched-datasets.ts';
import { type ReadSession, readChunks } from './read-chunks.ts';
import { rowBatches } from './row-batches.ts';

export interface ReadOptions {
  /** Rows per batch, except the last; 1,000 by default. */
  readonly batchSize?: number;
}

/**
 * Streams the rows of a dataset in batches, in their order. Throws a PlatformError that names a missing or changed part before it yields any of the part's
 * rows.
 */
export function readRows(
  source: ReadSession,
  dataset: ReadableDataset,
  options: ReadOptions = {},
): AsyncGenerator<Row[], void, void> {
  return rowBatches(
    readChunks(source, dataset, (decoder, chunk) => decoder.rows(chunk)),
    { ...options, ...(source.signal && { signal: source.signal }) },
  );
}
