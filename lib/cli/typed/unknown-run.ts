import type { RunRef } from '../../contract/object-keys.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { listRuns } from '../../operate/runs/list-runs.ts';
import type { Executions, ObjectStore } from '../../ports/ports.ts';
import { UsageError } from './usage-error.ts';

/** The error for an unknown run. It names the nearest id. */
export async function unknownRun(
  { pipeline, run_id }: RunRef,
  { store, executions }: { readonly store: ObjectStore; readonly executions: Executions },
): Promise<UsageError> {
  const known = (await listRuns(store, pipeline, executions)).map((run) => run.run_id);
  const latest = known.length > 0 ? `the latest is ${known[0]}` : `the store ${store.url} has no runs of it`;
  return new UsageError(`pipeline "${pipeline}" has no run "${run_id}"${didYouMean(run_id, known)} (${latest})`);
}
