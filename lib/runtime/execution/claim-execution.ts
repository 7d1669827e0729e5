import type { RunRef } from '../../contract/object-keys.ts';
import type { ExecutionRecord } from '../../contract/records/execution.ts';
import { removal } from '../../contract/records/next.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { isRemoved, takeOver } from '../manifests/next-record.ts';
import { claimNumber } from '../records/execution-number.ts';

/** A claim that failed. `late`: another start was faster, and everything must be looked at again. `removed`: the run is being removed. */
export type NotClaimed = 'late' | 'removed';

/** Claims the next number of a run, after it has taken over what people left behind the last execution. */
export async function claimExecution(
  store: ObjectStore,
  run: RunRef,
  history: readonly ExecutionRecord[],
  claim: Omit<ExecutionRecord, 'execution' | 'listed_at'>,
): Promise<ExecutionRecord | NotClaimed> {
  const [first] = history;
  if (first) {
    const follower = await takeOver(store, { ...run, execution: history.length }, claim.execution_arn);
    // After the take-over: a removal that was carried out meanwhile has deleted the record that would have refused it.
    if (follower === removal || (await isRemoved(store, run, first.started_at))) return 'removed';
  }
  return (await claimNumber(store, run, history, claim)) ?? 'late';
}
