import { PermanentError } from '../../contract/errors.ts';
import { manifestsPrefix, type RunRef } from '../../contract/object-keys.ts';
import type { RunContext } from '../../contract/payloads.ts';
import type { Manifest } from '../../contract/records/manifest.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import type { ObjectStore, StoredObject } from '../../ports/ports.ts';
import { findDamage } from '../manifests/find-damage.ts';
import { parseManifest } from '../manifests/manifest.ts';
import { committed, type Ending, skipped } from '../records/outcomes.ts';
import type { Upstream } from '../records/trigger-rule.ts';

/** True if a person asked for other steps only (`run --only`). */
export function isLeftOut({ trial }: Pick<RunContext, 'trial'>, step: string): boolean {
  return trial?.only !== undefined && !trial.only.includes(step);
}

/** The end of a step that is left out: the result that was taken for it, of which every byte was checked, or `skipped`. */
export async function leaveOut(
  store: ObjectStore,
  run: RunContext,
  ending: Ending,
  upstream: Upstream,
): Promise<{ readonly proposal: Outcome; readonly manifest?: Manifest }> {
  const found = await takenResult(store, run, ending.step);
  if (!found) return { proposal: skipped(ending) };
  const manifest = parseManifest(found.body);
  const damage = manifest ? await findDamage(store, manifest) : { kind: 'damaged', what: 'the manifest' };
  if (manifest && !damage) return { proposal: committed(ending, manifest, upstream), manifest };
  throw new PermanentError(
    `the result of step ${ending.step}, taken from run ${run.trial?.of}, is ${damage?.kind}: ${damage?.what}; name another run with --upstream, or add ${ending.step} to --only`,
  );
}

/** The only result of the step that the run has, or null: such a run takes one result of each step that it needs. */
async function takenResult(store: ObjectStore, run: RunRef, step: string): Promise<StoredObject | null> {
  for await (const { key } of store.list(manifestsPrefix(run, step))) return store.get(key);
  return null;
}
