import { digestOf } from '../../contract/fingerprint.ts';
import { backfillKey } from '../../contract/object-keys.ts';
import type { Backfill, BackfillItem, BackfillRequest } from '../../contract/partitions/backfill.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readJson } from '../../runtime/records/json-objects.ts';
import { swapJson } from '../../runtime/records/swap-json.ts';
import { executionName } from '../runs/start-run.ts';
import type { PartitionState } from './partition-state.ts';

const keyOf = (pipeline: string, { from, to, which, steps }: BackfillRequest): string =>
  backfillKey(pipeline, digestOf({ from, to, which: [...which], steps: [...steps] }).slice(0, 16));

/** The backfill of this request that has not ended; null if there is none. */
export async function unfinishedBackfill(
  store: ObjectStore,
  pipeline: string,
  request: BackfillRequest,
): Promise<Backfill | null> {
  const found = await readJson<Backfill>(store, keyOf(pipeline, request));
  return found && found.ended_at === null ? found : null;
}

/** Begins a backfill, or gives the unfinished one of the same request. */
export function beginBackfill(
  store: ObjectStore,
  pipeline: string,
  {
    request,
    items,
    now,
  }: { readonly request: BackfillRequest; readonly items: readonly BackfillItem[]; readonly now: number },
): Promise<Backfill> {
  const began_at = new Date(now).toISOString();
  const id = `backfill-${executionName(now)}`;
  return swapJson<Backfill, Backfill>(store, keyOf(pipeline, request), (found) => {
    if (found && found.ended_at === null) return { answer: found };
    const begun = { ...request, id, began_at, ended_at: null, items };
    return { write: begun, answer: begun };
  });
}

/** Ends a backfill. */
export function endBackfill(store: ObjectStore, pipeline: string, backfill: Backfill, now: number): Promise<void> {
  return swapJson<Backfill, void>(store, keyOf(pipeline, backfill), (found) =>
    found?.id === backfill.id && found.ended_at === null
      ? { write: { ...found, ended_at: new Date(now).toISOString() }, answer: undefined }
      : { answer: undefined },
  );
}

/**
 * True if a partition needs no further run in this backfill: an execution that began after the backfill has ended by itself. A killed or stopped one has not done its work.
 */
export function isDone({ last }: PartitionState, { began_at }: Pick<Backfill, 'began_at'>): boolean {
  if (!last || last.ended_at === null || last.status === 'ABORTED') return false;
  return Date.parse(last.started_at) >= Date.parse(began_at);
}
