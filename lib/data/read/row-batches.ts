import type { Row } from '../row.ts';

export interface BatchOptions {
  /** Rows per batch, except the last; 1,000 by default. */
  readonly batchSize?: number;
  /** Ends the iteration with its reason. */
  readonly signal?: AbortSignal;
}

const defaultBatchSize = 1000;

/** Yields the same rows in batches of one size. */
export async function* rowBatches(
  pieces: AsyncIterable<readonly Row[]>,
  { batchSize = defaultBatchSize, signal }: BatchOptions = {},
): AsyncGenerator<Row[], void, void> {
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new RangeError(`batchSize is a whole number from 1, not ${batchSize}`);
  let batch: Row[] = [];
  for await (const rows of pieces) {
    for (const row of rows) {
      batch.push(row);
      if (batch.length < batchSize) continue;
      signal?.throwIfAborted();
      yield batch;
      batch = [];
    }
  }
  signal?.throwIfAborted();
  if (batch.length > 0) yield batch;
}
