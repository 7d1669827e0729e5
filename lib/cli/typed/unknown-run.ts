import type { RunRef } from '../../contract/object-keys.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { runIds } from '../../operate/runs/list-runs.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { UsageError } from './usage-error.ts';

/** The error for an unknown run. It names the nearest id. */
export async function unknownRun(
  { pipeline, run_id }: RunRef,
  { store }: { readonly store: ObjectStore },
): Promise<UsageError> {
  const known = await runIds(store, pipeline);
  const latest = known.length > 0 ? `the latest is ${known[0]}` : `the store ${store.url} has no runs of it`;
  return new UsageError(`pipeline "${pipeline}" has no run "${run_id}"${didYouMean(run_id, known)} (${latest})`);
}
