import { profileKey } from '../../contract/object-keys.ts';
import type { RunContext } from '../../contract/payloads.ts';
import { type Profile, pointOf } from '../../contract/profiles/profile.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readManifest } from '../manifests/manifest.ts';
import { readIntact } from '../records/json-objects.ts';
import { readOutcome } from '../records/settle.ts';
import { keepPoint } from './dataset-history.ts';

/**
 * Adds the profiles of an execution that succeeded to the history of each dataset, so that later runs are compared with it. `version`: the one that it published. A run that is not good
 * enough to end well is no example, and neither is a trial. The history serves the anomaly check alone, so a fault of the store does not reach the run.
 */
export async function keepProfiles(
  store: ObjectStore,
  run: RunContext,
  { steps, version }: { readonly steps: readonly string[]; readonly version: number | null },
): Promise<void> {
  if (run.trial) return;
  const at = run.scheduled_time ?? run.started_at;
  const kept = steps.map(async (step) => {
    for (const { dataset, profile } of await profilesOf(store, run, step)) {
      const point = pointOf(profile, { run_id: run.run_id, at, version });
      await keepPoint(store, { pipeline: run.pipeline, step, dataset }, point);
    }
  });
  await Promise.allSettled(kept);
}

async function profilesOf(store: ObjectStore, run: RunContext, step: string) {
  const outcome = await readOutcome(store, run, step);
  const made = outcome?.made ?? (outcome?.manifest ? await readManifest(store, outcome.manifest) : null);
  const found = Object.entries(made?.datasets ?? {}).map(async ([dataset, { content_digest }]) => {
    const profile = await readIntact<Profile>(store, profileKey(run, step, dataset, content_digest));
    return profile ? [{ dataset, profile }] : [];
  });
  return (await Promise.all(found)).flat();
}
