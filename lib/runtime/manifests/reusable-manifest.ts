import { type ExecutionRef, manifestKey } from '../../contract/object-keys.ts';
import type { Manifest } from '../../contract/records/manifest.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { type CheckManifest, type Damage, findDamage } from './find-damage.ts';
import { parseManifest } from './manifest.ts';
import { overtakenBy } from './target-loads.ts';

/** The commit under a fingerprint: a usable manifest, a broken one that the next commit must replace, or a right one whose rows in a target outside are no longer there: then the step runs again. */
export type Found =
  | { readonly manifest: Manifest }
  | { readonly broken: { readonly etag: string } & Damage }
  | { readonly overtaken: number };

/**
 * The commit under a step's fingerprint; null while there is none. A manifest of an earlier execution counts only when all its bytes are there and are what was written: it may be years old, and a
 * descendant might not notice. The data of this execution's manifest was written a moment ago.
 */
export async function findCommitted(
  store: ObjectStore,
  ref: ExecutionRef,
  { step, fingerprint }: { readonly step: string; readonly fingerprint: string },
  check: CheckManifest = findDamage,
): Promise<Found | null> {
  const found = await store.get(manifestKey(ref, step, fingerprint));
  if (!found) return null;
  const manifest = parseManifest(found.body);
  if (manifest?.fingerprint !== fingerprint)
    return { broken: { etag: found.etag, kind: 'damaged', what: 'the manifest' } };
  if (manifest.execution === ref.execution) return { manifest };
  const overtaken = await overtakenBy(store, ref, manifest);
  if (overtaken !== null) return { overtaken };
  const damage = await check(store, manifest);
  return damage ? { broken: { etag: found.etag, ...damage } } : { manifest };
}
