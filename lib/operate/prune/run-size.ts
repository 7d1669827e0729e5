import { type RunRef, runPrefix } from '../../contract/object-keys.ts';
import type { ObjectStore } from '../../ports/ports.ts';

/** The objects of a run. */
export interface RunSize {
  readonly objects: number;
  readonly bytes: number;
  /** Stored datasets, also those that a failed attempt left. */
  readonly datasets: number;
}

/** Counts the objects of a run by their keys. */
export async function runSize(store: ObjectStore, run: RunRef): Promise<RunSize> {
  const prefix = runPrefix(run);
  const datasets = new Set<string>();
  let [objects, total] = [0, 0];
  for await (const { key, bytes } of store.list(prefix)) {
    objects += 1;
    total += bytes;
    const [, dataset] = /^(data\/[^/]+\/[^/]+\/[^/]+)\/part-[^/]+$/.exec(key.slice(prefix.length)) ?? [];
    if (dataset !== undefined) datasets.add(dataset);
  }
  return { objects, bytes: total, datasets: datasets.size };
}
