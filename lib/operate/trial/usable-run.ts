import type { RunRef } from '../../contract/object-keys.ts';
import type { ExecutionRecord } from '../../contract/records/execution.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { type CheckManifest, findDamage } from '../../runtime/manifests/find-damage.ts';
import { parseManifest } from '../../runtime/manifests/manifest.ts';
import { eachOf } from '../../runtime/records/each-of.ts';
import { readExecutions } from '../../runtime/records/execution-number.ts';
import { lastOutcome } from '../resume/step-past.ts';
import { runIds } from '../runs/list-runs.ts';

/** The results of some steps in a run: each step's latest. */
export interface Results {
  readonly run: RunRef;
  readonly history: readonly ExecutionRecord[];
  /** Fingerprints by step. */
  readonly usable: ReadonlyMap<string, string>;
  /** The reason why a step has no usable result, by step. */
  readonly unusable: ReadonlyMap<string, string>;
}

/** Steps that are read at the same time. */
const width = 4;

/** The results of these steps in a run. Every byte that they name is checked. */
export async function resultsOf(
  store: ObjectStore,
  run: RunRef,
  steps: readonly string[],
  check: CheckManifest = findDamage,
): Promise<Results> {
  const history = await readExecutions(store, run);
  const usable = new Map<string, string>();
  const unusable = new Map<string, string>();
  await eachOf(steps, width, async (step) => {
    const outcome = (await lastOutcome(store, run, { step, history }))?.outcome;
    const found = outcome?.manifest ? await store.get(outcome.manifest) : null;
    const manifest = found && parseManifest(found.body);
    const damage = manifest && (await check(store, manifest));
    if (manifest && !damage) usable.set(step, manifest.fingerprint);
    else unusable.set(step, reason(outcome?.outcome, damage));
  });
  return { run, history, usable, unusable };
}

const reason = (outcome: string | undefined, damage: Awaited<ReturnType<CheckManifest>>): string => {
  if (damage) return `data ${damage.kind}: ${damage.what}`;
  return outcome === 'succeeded' || outcome === 'reused'
    ? 'its manifest is missing or damaged'
    : (outcome ?? 'not run');
};

/** The latest run that has a usable result of each of these steps, and else the latest run of all. Null if there is no run. */
export async function latestUsable(
  store: ObjectStore,
  pipeline: string,
  steps: readonly string[],
): Promise<Results | null> {
  let latest: Results | null = null;
  for (const run_id of await runIds(store, pipeline)) {
    const results = await resultsOf(store, { pipeline, run_id }, steps);
    if (results.unusable.size === 0) return results;
    latest ??= results;
  }
  return latest;
}
