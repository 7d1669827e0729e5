/** The record between an execution and the one that follows it. */
import { type ExecutionRef, manifestKey, nextKey, type RunRef, removalKey } from '../../contract/object-keys.ts';
import type { Next, Removal, VouchedManifest } from '../../contract/records/next.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { createJson, readIntact, readJson } from '../records/json-objects.ts';
import { hasItsSeal } from '../records/seal.ts';
import { swapJson } from '../records/swap-json.ts';

/** The manifests of steps that people vouched for after an execution, as far as they are intact. */
export async function readVouched(store: ObjectStore, ref: ExecutionRef): Promise<readonly VouchedManifest[]> {
  const next = await readJson<Next>(store, nextKey(ref));
  return next?.vouched.filter((manifest) => hasItsSeal(manifest)) ?? [];
}

/**
 * Says who follows an execution, and answers who does: the first who asked. Afterwards no one can vouch for a step of it. The manifests that people left become visible before
 * the answer, so every step of the following execution finds them; one whose step has committed meanwhile stays behind.
 */
export async function takeOver(store: ObjectStore, ref: ExecutionRef, by: string): Promise<string> {
  const key = nextKey(ref);
  if (await createJson(store, key, { vouched: [], taken_by: by } satisfies Next)) return by;
  const { vouched, taken_by } = await swapJson<Next, Next>(store, key, (now) => {
    if (now?.taken_by != null) return { answer: now };
    const write = { vouched: now?.vouched ?? [], taken_by: by };
    return { write, answer: write };
  });
  for (const manifest of vouched.filter(hasItsSeal))
    await createJson(store, manifestKey(ref, manifest.step, manifest.fingerprint), manifest);
  return taken_by ?? by;
}

/**
 * True if a run is removed, or is being removed. Look after reading its records: a removal leaves its record for a day, so an answer of false means that what was read is whole.
 * `begun`: the start of the run's first execution. A run that began after the removal is another one with the same id.
 */
export async function isRemoved(store: ObjectStore, run: RunRef, begun?: string): Promise<boolean> {
  const record = await readIntact<Removal>(store, removalKey(run));
  return record?.decided === true && !(begun !== undefined && Date.parse(begun) > Date.parse(record.began_at));
}
