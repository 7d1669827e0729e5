import type { Pointer } from '../../contract/published/pointer.ts';
import type { PublishedDataset, PublishedVersion } from '../../contract/published/published-version.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readPointer } from '../../runtime/publish/move-pointer.ts';
import { readVersion } from '../../runtime/publish/published-record.ts';
import { keptVersion, partitionOf } from './find-version.ts';
import { PublishedError } from './published-error.ts';

interface Wanted {
  /** "" for an unpartitioned pipeline. */
  readonly partition: string;
  /** The current one if null. */
  readonly version: number | null;
  /** Allows a version that a person withdrew. */
  readonly withdrawn?: boolean;
}

/** The version that a reader gets: the pointer is read once, so all datasets are of one version, also if others are published meanwhile. */
export async function openVersion(store: ObjectStore, pipeline: string, wanted: Wanted): Promise<PublishedVersion> {
  const pointer = await readPointer(store, pipeline);
  if (!pointer || pointer.partitions.length === 0) throw new PublishedError(`${pipeline} has published nothing`);
  return readVersion(store, pipeline, numberOf(pointer, wanted));
}

function numberOf(pointer: Pointer, { partition, version, withdrawn = false }: Wanted): number {
  if (version !== null) return keptVersion(pointer, version, { withdrawn }).kept.version;
  const { current } = partitionOf(pointer, partition);
  if (current !== null) return current;
  throw new PublishedError(
    `${pointer.pipeline} has no current version: all were withdrawn; the next run publishes one`,
  );
}

/** The dataset that a name means: `step.dataset`, or the dataset alone if only one step has it. Throws a PublishedError that lists what there is. */
export function datasetIn({ pipeline, version, datasets }: PublishedVersion, name: string): PublishedDataset {
  const exact = datasets.find(({ step, dataset }) => `${step}.${dataset}` === name);
  const alone = datasets.filter(({ dataset }) => dataset === name);
  const [only, ...others] = alone;
  if (exact ?? (others.length === 0 && only)) return exact ?? (only as PublishedDataset);
  const names = datasets.map(({ step, dataset }) => `${step}.${dataset}`);
  throw new PublishedError(
    `version ${version} of ${pipeline} has no dataset "${name}" (its datasets are: ${names.join(', ')})`,
  );
}
