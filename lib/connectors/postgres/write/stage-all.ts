import { createHash } from 'node:crypto';
import type { Rows, Step } from '../../../runtime/step.ts';
import { rowBatches } from '../../row-batches.ts';
import { confirmStaged } from './confirm-staged.ts';
import { copyText, rowTexts, type TextRow } from './copy-text.ts';
import type { OpenLoad } from './open-load.ts';
import { stageRows } from './stage-rows.ts';
import { createStaging } from './staging.ts';
import type { TargetColumn } from './target-table.ts';

/** The number of staged rows, and the SHA-256 of their texts. */
export interface Staged {
  readonly rows: number;
  readonly digest: string;
}

const batchSize = 2_000;

/** Copies all rows into the staging table, and checks that each value arrived exactly. Rethrows an error of the rows themselves unchanged. */
export async function stageAll(
  step: Pick<Step, 'signal' | 'progress'>,
  { client, run }: OpenLoad,
  columns: readonly TargetColumn[],
  rows: Rows,
): Promise<Staged> {
  const hash = createHash('sha256').update(JSON.stringify(columns.map(({ name }) => name)));
  let count = 0;
  let failure: { readonly error: unknown } | null = null;
  const texts = async function* (): AsyncGenerator<readonly TextRow[]> {
    try {
      for await (const batch of rowBatches(rows, batchSize)) {
        const first = count + 1;
        count += batch.length;
        yield batch.map((row, index) => rowTexts(columns, row, first + index));
      }
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  // A stream throws a broken connection's error into its generator. The error ends here, and does not count as an error of the rows.
  const watched = async function* (): AsyncGenerator<readonly TextRow[]> {
    for await (const batch of texts()) {
      step.signal.throwIfAborted();
      hash.update(copyText(batch));
      yield batch;
      await step.progress(count);
    }
  };
  try {
    await run(() => createStaging(client, columns));
    await run(() => stageRows(client, columns, watched()));
    await run(() => confirmStaged(client, columns));
  } catch (error) {
    const { error: own } = (failure as { readonly error: unknown } | null) ?? { error };
    throw own;
  }
  return { rows: count, digest: hash.digest('hex') };
}
