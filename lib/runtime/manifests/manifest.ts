/** Manifests as they stand in the store: each authenticates all that it says. */
import { PlatformError } from '../../contract/errors.ts';
import { digestOf } from '../../contract/fingerprint.ts';
import type { Json } from '../../contract/json.ts';
import type { DatasetEntry } from '../../contract/records/dataset.ts';
import type { Manifest } from '../../contract/records/manifest.ts';
import { decodeText } from '../../exact/decode-text.ts';
import { readJson } from '../../exact/read-json.ts';
import type { ObjectStore } from '../../ports/ports.ts';

/** A manifest before it is sealed. */
export type OpenManifest = Omit<Manifest, 'seal'>;

/** The manifest with its seal: a digest of everything else in it, so that no part, row count or column can change unseen. */
export function sealed(manifest: OpenManifest): Manifest {
  return { ...manifest, seal: sealOf(manifest) };
}

/** Whether a manifest is what was written: its seal is right, and the parts of each dataset add up to its rows and bytes. */
export function isWhole({ seal, ...manifest }: Manifest): boolean {
  return seal === sealOf(manifest) && Object.values(manifest.datasets).every(addsUp);
}

/** The manifest in a body of the store; null when it is not what was written. */
export function parseManifest(body: Uint8Array): Manifest | null {
  try {
    const manifest = readJson(decodeText(body)) as unknown as Manifest;
    return manifest.format === 1 && isWhole(manifest) ? manifest : null;
  } catch {
    return null;
  }
}

/** The manifest under a key; null when there is none. One that is not what was written is a PlatformError that names it. */
export async function readManifest(store: ObjectStore, key: string): Promise<Manifest | null> {
  const found = await store.get(key);
  if (!found) return null;
  const manifest = parseManifest(found.body);
  if (manifest) return manifest;
  throw new PlatformError(
    `${store.url}/${key} is damaged: its seal is not that of what it says; resume the run, and the step runs again`,
  );
}

const sealOf = (manifest: OpenManifest): string => digestOf(manifest as unknown as Json);

function addsUp({ rows, bytes, parts }: DatasetEntry): boolean {
  const sum = (of: 'rows' | 'bytes'): number => parts.reduce((total, part) => total + part[of], 0);
  return sum('rows') === rows && sum('bytes') === bytes;
}
