/** What a step reads of its dependencies: results, datasets and files of the manifests that their outcomes name. */
import { createHash } from 'node:crypto';
import { PermanentError, PlatformError } from '../contract/errors.ts';
import type { Json } from '../contract/json.ts';
import type { Manifest } from '../contract/records.ts';
import { readDataset } from '../data/read-dataset.ts';
import type { ObjectStore } from '../ports/ports.ts';
import type { Work } from './invocation.ts';
import { readJson } from './json-objects.ts';
import type { Step } from './step.ts';

/** As many rows as a step usually wants to hold at once. */
const defaultBatchSize = 1_000;

type Reading = Pick<Step, 'result' | 'rows' | 'readFile'>;

/** Reads the dependencies' manifests, each whole and of one attempt. */
export async function openUpstream(
  { payload: { step }, upstream, invocation }: Work,
  signal: AbortSignal,
): Promise<Reading> {
  const { store } = invocation.ports;
  const manifests = new Map(
    await Promise.all(
      [...upstream].map(async ([name, outcome]) => [name, await load(store, outcome?.manifest)] as const),
    ),
  );
  const manifestOf = (name: string): Manifest | null => {
    const manifest = manifests.get(name);
    if (manifest !== undefined) return manifest;
    const declared = step.dependencies.join(', ') || 'none';
    throw new PermanentError(`"${name}" is not a dependency of step ${step.name}; declared: ${declared}`);
  };
  const find = <T>(kind: 'datasets' | 'files', owner: string, name: string): T => {
    const manifest = manifestOf(owner);
    if (!manifest)
      throw new PermanentError(`step ${owner} has no ${kind}: it ended as ${upstream.get(owner)?.outcome ?? 'failed'}`);
    const entries = manifest[kind] as Readonly<Record<string, T>>;
    if (Object.hasOwn(entries, name)) return entries[name] as T;
    throw new PermanentError(
      `step ${owner} has no "${name}" among its ${kind}: ${Object.keys(entries).join(', ') || 'none'}`,
    );
  };
  return {
    result<T = Json | undefined>(name: string): T {
      // The author's word for what that step returns.
      return structuredClone(manifestOf(name)?.result) as T;
    },
    rows<T>(dataset: string, options: { readonly batchSize?: number } = {}): AsyncIterable<T[]> {
      const [owner = '', ...rest] = dataset.split('.');
      if (rest.length !== 1) throw new PermanentError(`rows() takes "step.dataset", not ${JSON.stringify(dataset)}`);
      const entry = find<Manifest['datasets'][string]>('datasets', owner, rest.join('.'));
      return readDataset(store, entry, { batchSize: options.batchSize ?? defaultBatchSize, signal }) as AsyncIterable<
        T[]
      >;
    },
    async readFile(owner, name) {
      const { key, sha256 } = find<Manifest['files'][string]>('files', owner, name);
      const found = await store.get(key);
      if (!found) throw new PlatformError(`${store.url}/${key} is in the manifest of ${owner}, but not in the store`);
      if (createHash('sha256').update(found.body).digest('hex') !== sha256)
        throw new PlatformError(`${store.url}/${key} is damaged: its SHA-256 is not the one of what was written`);
      return Buffer.from(found.body);
    },
  };
}

async function load(store: ObjectStore, key: string | null | undefined): Promise<Manifest | null> {
  if (!key) return null;
  const manifest = await readJson<Manifest>(store, key);
  if (!manifest) throw new PlatformError(`${store.url}/${key} is named by an outcome, but is not in the store`);
  return manifest;
}
