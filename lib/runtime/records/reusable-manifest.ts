import { type ExecutionRef, manifestKey } from '../../contract/object-keys.ts';
import type { Manifest } from '../../contract/records.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { type CheckManifest, type Damage, findDamage } from './find-damage.ts';

/** What stands under a fingerprint: a manifest that can be used, or a broken one that the next commit has to replace. */
export type Found = { readonly manifest: Manifest } | { readonly broken: { readonly etag: string } & Damage };

/**
 * The commit under a step's fingerprint; null while there is none. One of an earlier execution counts only when all its bytes are there and are what was written: it may be
 * years old, and what is reused unread would be found out by a descendant, or by nobody. One of this execution was written a moment ago.
 */
export async function findCommitted(
  store: ObjectStore,
  ref: ExecutionRef,
  { step, fingerprint }: { readonly step: string; readonly fingerprint: string },
  check: CheckManifest = findDamage,
): Promise<Found | null> {
  const found = await store.get(manifestKey(ref, step, fingerprint));
  if (!found) return null;
  const manifest = parse(found.body, fingerprint);
  if (!manifest) return { broken: { etag: found.etag, kind: 'damaged', what: 'the manifest' } };
  if (manifest.execution === ref.execution) return { manifest };
  const damage = await check(store, manifest);
  return damage ? { broken: { etag: found.etag, ...damage } } : { manifest };
}

function parse(body: Uint8Array, fingerprint: string): Manifest | null {
  try {
    const manifest = JSON.parse(Buffer.from(body).toString('utf8')) as Manifest;
    return manifest.format === 1 && manifest.fingerprint === fingerprint && manifest.datasets && manifest.files
      ? manifest
      : null;
  } catch {
    return null;
  }
}
