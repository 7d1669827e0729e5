import { executionKey, runKey } from '../../contract/object-keys.ts';
import type { Backfill } from '../../contract/partitions/backfill.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import type { PartitionState } from './partition-state.ts';

/** The run that a backfill starts for a partition. */
export interface BackfillRun {
  readonly run_id: string;
  /** `new`: it executes every step. `resume`: it continues this run, and reuses what has neither failed nor changed. */
  readonly kind: 'new' | 'resume';
  /** Steps that it runs again although nothing has changed. */
  readonly from: readonly string[];
}

/**
 * Decides the run of a partition. A failed or stale one is continued, so that its dead letters close and only what has to is executed. A missing one gets a new run, whose id
 * is made of the backfill and the partition: a second start of the same backfill continues it. So does a good one, which is to ask its sources again.
 */
export async function backfillRun(
  store: ObjectStore,
  pipeline: string,
  { state, backfill }: { readonly state: PartitionState; readonly backfill: Pick<Backfill, 'id' | 'steps'> },
): Promise<BackfillRun> {
  const { status, last, good, partition } = state;
  const earlier =
    status === 'stale' || (status === 'good' && backfill.steps.length > 0) ? good : status === 'failed' ? last : null;
  // A run that was removed, or never got as far as a record, cannot be continued.
  const exists = earlier !== null && (await isThere(store, { pipeline, run_id: earlier.run_id }));
  if (earlier && exists) return { run_id: earlier.run_id, kind: 'resume', from: backfill.steps };
  return { run_id: `${backfill.id}-${partition.name.replaceAll('+', 'p').replaceAll(':', '')}`, kind: 'new', from: [] };
}

async function isThere(
  store: ObjectStore,
  run: { readonly pipeline: string; readonly run_id: string },
): Promise<boolean> {
  const [record, first] = await Promise.all([
    store.get(runKey(run)),
    store.get(executionKey({ ...run, execution: 1 })),
  ]);
  return record !== null && first !== null;
}
