/** Checks that the objects that a manifest names still exist, byte by byte. */
import { createHash } from 'node:crypto';
import type { Manifest } from '../../contract/records/manifest.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { eachOf } from '../records/each-of.ts';
import { isWhole } from './manifest.ts';

/** The damage, and the dataset, file or object that has it, for people. */
export interface Damage {
  readonly kind: 'missing' | 'damaged';
  readonly what: string;
}

/** Finds damage of a manifest's objects; null if there is none. */
export type CheckManifest = (store: ObjectStore, manifest: Manifest) => Promise<Damage | null>;

interface Promised {
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly owner: string;
}

/** Objects that are read side by side: enough to keep a store busy, few enough for a small function. */
const width = 4;

/** The first damage, or null if every object that the manifest names is intact. Reads all of them. */
export const findDamage: CheckManifest = async (store, manifest) => {
  if (!isWhole(manifest)) return { kind: 'damaged', what: 'the manifest' };
  const found: { damage: Damage | null } = { damage: null };
  await eachOf(promisedBy(manifest), width, async (promised) => {
    const kind = found.damage ? null : await damageOf(store, promised);
    if (kind) found.damage ??= { kind, what: describe(promised) };
  });
  return found.damage;
};

/**
 * The same without reading the data: objects that are missing or of another size. For a person who looks from afar; the step itself reads every byte before it is reused.
 */
export const findLoss: CheckManifest = async (store, manifest) => {
  if (!isWhole(manifest)) return { kind: 'damaged', what: 'the manifest' };
  const promised = promisedBy(manifest);
  const folders = new Set(promised.map(({ key }) => key.slice(0, key.lastIndexOf('/') + 1)));
  const sizes = new Map<string, number>();
  for (const folder of folders) for await (const { key, bytes } of store.list(folder)) sizes.set(key, bytes);
  const wrong = promised.find(({ key, bytes }) => sizes.get(key) !== bytes);
  return wrong ? { kind: sizes.has(wrong.key) ? 'damaged' : 'missing', what: describe(wrong) } : null;
};

const promisedBy = ({ datasets, files }: Manifest): Promised[] => [
  ...Object.entries(datasets).flatMap(([owner, { parts }]) =>
    parts.map(({ key, bytes, sha256 }) => ({ key, bytes, sha256, owner })),
  ),
  ...Object.entries(files).map(([owner, { key, bytes, sha256 }]) => ({ key, bytes, sha256, owner })),
];

/**
 * The damage of an object that is missing or has other bytes than those written; null if it is whole. Reads it, unless it lies in the store of another run: there its size must do, and the step that
 * reads it checks every byte.
 */
export async function damageOf(
  store: ObjectStore,
  { key, bytes, sha256 }: { readonly key: string; readonly bytes: number; readonly sha256: string },
): Promise<Damage['kind'] | null> {
  const elsewhere = await store.unfetched?.(key);
  if (elsewhere !== undefined) return elsewhere === null ? 'missing' : elsewhere === bytes ? null : 'damaged';
  const body = await store.read(key);
  if (body === null) return 'missing';
  const hash = createHash('sha256');
  for await (const chunk of body) hash.update(chunk);
  return hash.digest('hex') === sha256 ? null : 'damaged';
}

/** `orders (part-00003.parquet)`, `page.html`. */
const describe = ({ key, owner }: Promised): string => {
  const file = key.slice(key.lastIndexOf('/') + 1);
  return file === owner ? owner : `${owner} (${file})`;
};
