import { PermanentError } from '../contract/errors.ts';
import type { Rows } from '../runtime/step.ts';

/** A row by its columns. */
export type AnyRow = Readonly<Record<string, unknown>>;

/** Rows in batches as they come: single rows are gathered, up to `most` together. */
export async function* rowBatches(rows: Rows, most: number): AsyncGenerator<readonly AnyRow[]> {
  let gathered: AnyRow[] = [];
  for await (const item of rows) {
    if (Array.isArray(item)) {
      if (gathered.length > 0) yield gathered;
      gathered = [];
      if (item.length > 0) yield item as readonly AnyRow[];
    } else {
      gathered.push(item as AnyRow);
      if (gathered.length < most) continue;
      yield gathered;
      gathered = [];
    }
  }
  if (gathered.length > 0) yield gathered;
}

/** The same rows in batches of one size, so that every attempt makes the same batches. The last may be smaller. */
export async function* evenBatches(rows: Rows, size: number): AsyncGenerator<readonly AnyRow[]> {
  if (!Number.isInteger(size) || size < 1) throw new PermanentError(`batchSize is a whole number from 1, not ${size}`);
  let batch: AnyRow[] = [];
  for await (const rowsOfSource of rowBatches(rows, size)) {
    for (const row of rowsOfSource) {
      batch.push(row);
      if (batch.length < size) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
