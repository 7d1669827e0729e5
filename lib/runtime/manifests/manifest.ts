/** Manifests in the store: each authenticates all of its content. */
import { digestOf } from '../../contract/fingerprint.ts';
import type { DatasetEntry } from '../../contract/records/dataset.ts';
import type { Manifest } from '../../contract/records/manifest.ts';
import { decodeText } from '../../exact/decode-text.ts';
import { readJson } from '../../exact/read-json.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { brokenSeal, hasItsSeal } from '../records/seal.ts';

/** True if a manifest is intact: its seal is right, and the parts of each dataset add up to its rows and bytes. */
export function isWhole(manifest: Manifest): boolean {
  return hasItsSeal(manifest) && Object.values(manifest.datasets).every(addsUp);
}

/** The manifest in a body of the store; null if it is damaged. */
export function parseManifest(body: Uint8Array): Manifest | null {
  try {
    const manifest = readJson(decodeText(body)) as unknown as Manifest;
    return manifest.format === 1 && isWhole(manifest) ? manifest : null;
  } catch {
    return null;
  }
}

/** The manifest under a key; null when there is none. Throws a PlatformError that names a manifest which has changed since it was written. */
export async function readManifest(store: ObjectStore, key: string): Promise<Manifest | null> {
  const found = await store.get(key);
  if (!found) return null;
  const manifest = parseManifest(found.body);
  if (manifest) return manifest;
  throw brokenSeal(`${store.url}/${key}`);
}

function addsUp({ rows, bytes, parts }: DatasetEntry): boolean {
  const sum = (of: 'rows' | 'bytes'): number => parts.reduce((total, part) => total + part[of], 0);
  return sum('rows') === rows && sum('bytes') === bytes;
}

/** The digest of an output. Equal for equal content, by any writer and at any place. So when a step runs again and makes the same content, its descendants are reused. */
export function contentDigest({ result, datasets, files }: Pick<Manifest, 'result' | 'datasets' | 'files'>): string {
  return digestOf({
    result,
    datasets: Object.fromEntries(Object.entries(datasets).map(([name, entry]) => [name, entry.content_digest])),
    files: Object.fromEntries(Object.entries(files).map(([name, entry]) => [name, entry.sha256])),
  });
}
