import { executionEndKey, type RunRef, removalKey } from '../../contract/object-keys.ts';
import type { ExecutionEnd } from '../../contract/records/execution.ts';
import { type Removal, removal } from '../../contract/records/next.ts';
import { takeOver } from '../../runtime/manifests/next-record.ts';
import { readExecutions } from '../../runtime/records/execution-number.ts';
import { isoTime, overwriteJson, readIntact } from '../../runtime/records/json-objects.ts';
import { unlessDamaged } from '../../runtime/records/settle.ts';
import { isOld, type PruneOptions } from './prune-options.ts';

/**
 * Decides that a run is removed, so that no execution of it begins from then on; answers the reason if it must stay. The record of the removal comes first, so
 * that nothing is deleted without one. It says that the removal is decided once no execution can follow.
 */
export async function beginRemoval(run: RunRef, options: PruneOptions): Promise<string | null> {
  const { store, now } = options;
  const seen = await lookAt(run, options);
  if (seen.reason !== null || options.dryRun) return seen.reason;
  const record: Removal = { run_id: run.run_id, began_at: isoTime(now), decided: false, done_at: null };
  await overwriteJson(store, removalKey(run), record);
  const { execution } = seen;
  const follower = execution === 0 ? removal : await takeOver(store, { ...run, execution }, removal);
  if (follower === removal) {
    await overwriteJson(store, removalKey(run), { ...record, decided: true });
    return null;
  }
  await store.delete(removalKey(run));
  return `${follower} continues it`;
}

/** The run's last execution, and the reason why the run stays: it works, it was resumed since the list was read, or its records cannot be read. */
async function lookAt(
  run: RunRef,
  { store, executions, now, keepDays }: PruneOptions,
): Promise<{ readonly execution: number; readonly reason: string | null }> {
  const history = await unlessDamaged(() => readExecutions(store, run), null);
  if (history === null) return { execution: 0, reason: 'a record of it is damaged; `doctor --repair` sets it aside' };
  const execution = history.length;
  const stays = (reason: string | null) => ({ execution, reason });
  for (const record of history) {
    const end = await readIntact<ExecutionEnd>(store, executionEndKey({ ...run, execution: record.execution }));
    const isLast = record.execution === execution;
    // The console's redrive continues the last execution under its old number.
    if ((end === null || isLast) && (await executions.status(record.execution_arn)) === 'RUNNING')
      return stays('it is working');
    if (isLast && end === null) return stays('its end is not recorded');
    if (isLast && end && !isOld(end, now, keepDays)) return stays('it was resumed');
  }
  return stays(null);
}
