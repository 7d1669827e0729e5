import { PermanentError, PlatformError } from '../../contract/errors.ts';
import { digestOf } from '../../contract/fingerprint.ts';
import { versionKey } from '../../contract/object-keys.ts';
import { earlierStep, type ReadPartition, type Window } from '../../contract/partitions/window.ts';
import type { PublishedVersion } from '../../contract/published/published-version.ts';
import type { DatasetEntry } from '../../contract/records/dataset.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import { partitionAt, partitionNamed } from '../../input/partitions/partition-names.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readManifest } from '../manifests/manifest.ts';
import { readPointer } from '../publish/move-pointer.ts';
import { eachOf } from '../records/each-of.ts';
import { readJson } from '../records/json-objects.ts';

/** Records of versions that are read at the same time. */
const width = 16;

interface WindowOf {
  readonly window: Window;
  /** The partition of the run. */
  readonly partition: string;
  /** The outcome of the step that makes the dataset, in this run: a window without any partition has its columns. */
  readonly own?: Outcome | null;
}

interface Read extends ReadPartition {
  readonly entry: DatasetEntry;
}

/**
 * Reads the earlier partitions of a window as they are published at one moment, as if one step had made them: a dataset with the parts of all, and the list of what was read as its result. Its
 * digest is made of the partitions' names and contents, so a step runs again when one of them has other content, and not when the same content is published again.
 */
export async function readWindow(
  store: ObjectStore,
  pipeline: string,
  { window, partition, own = null }: WindowOf,
): Promise<Outcome> {
  const pointer = await readPointer(store, pipeline);
  const versions = new Map(pointer?.partitions.map(({ partition: name, current }) => [name, current]));
  const names = earlierNames(partition, window);
  const missing = names.filter((name) => (versions.get(name) ?? null) === null);
  if (missing.length > 0 && window.missing === 'error') throw notPublished(pipeline, window, missing);
  const present = names.flatMap((name) => {
    const version = versions.get(name) ?? null;
    return version === null ? [] : [{ partition: name, version }];
  });
  const read = await eachOf(present, width, (one) => readOne(store, pipeline, { ...one, window }));
  const list = read.map(({ entry: _, ...one }) => one);
  const digest = digestOf({ partitions: list.map((one) => [one.partition, one.content_digest]) });
  return {
    step: earlierStep,
    outcome: 'succeeded',
    execution: 0,
    manifest: null,
    digest,
    made: {
      result: list.map((one) => ({ ...one })),
      datasets:
        read.length > 0
          ? { [window.dataset]: joined(read, { digest, window }) }
          : await emptyLike(store, own, { digest, window }),
      files: {},
    },
    failure: null,
    causes: [],
    attempts: 0,
    started_at: null,
    ended_at: '',
  };
}

/** The names of the partitions before one, the earliest first; none before the pipeline's first partition. */
export function earlierNames(partition: string, { back, rule }: Pick<Window, 'back' | 'rule'>): string[] {
  const names: string[] = [];
  let at = partitionNamed(partition, rule);
  const first = rule.start === undefined ? null : partitionNamed(rule.start, rule);
  for (let count = 0; count < back && !('problem' in at); count += 1) {
    at = partitionAt(Date.parse(at.start) - 1, rule);
    if (first && !('problem' in first) && at.start < first.start) break;
    names.unshift(at.name);
  }
  return names;
}

async function readOne(
  store: ObjectStore,
  pipeline: string,
  { partition, version, window }: { readonly partition: string; readonly version: number; readonly window: Window },
): Promise<Read> {
  const record = await readJson<PublishedVersion>(store, versionKey(pipeline, version));
  if (!record)
    throw new PlatformError(`${store.url}/${versionKey(pipeline, version)} is published, but not in the store`);
  const entry = record.datasets.find(({ step, dataset }) => step === window.step && dataset === window.dataset);
  if (!entry)
    throw new PermanentError(
      `version ${version}, which is published for ${partition}, has no dataset "${window.step}.${window.dataset}"; run it again: npx daybreak backfill ${pipeline} --from ${partition} --to ${partition} --stale`,
    );
  return { partition, version, content_digest: entry.content_digest, entry };
}

/** The dataset without rows; none if the run has no such dataset. */
async function emptyLike(
  store: ObjectStore,
  own: Outcome | null,
  { digest, window }: { readonly digest: string; readonly window: Window },
): Promise<Record<string, DatasetEntry>> {
  const made = own?.made ?? (own?.manifest ? await readManifest(store, own.manifest) : null);
  const like = made && Object.hasOwn(made.datasets, window.dataset) ? made.datasets[window.dataset] : undefined;
  if (!like) return {};
  return { [window.dataset]: { ...like, rows: 0, bytes: 0, content_digest: digest, parts: [] } };
}

/** One dataset of all. Columns have to be the same in each. */
function joined(
  read: readonly Read[],
  { digest, window }: { readonly digest: string; readonly window: Window },
): DatasetEntry {
  const [first] = read as [Read, ...Read[]];
  const columnsOf = ({ entry }: Read): string => JSON.stringify(entry.columns);
  const other = read.find((one) => columnsOf(one) !== columnsOf(first));
  if (other)
    throw new PermanentError(
      `"${window.step}.${window.dataset}" of ${other.partition} has the columns ${columnsOf(other)}, and that of ${first.partition} ${columnsOf(first)}; make the older ones again: daybreak backfill --stale`,
    );
  const sum = (of: 'rows' | 'bytes'): number => read.reduce((total, { entry }) => total + entry[of], 0);
  return {
    columns: first.entry.columns,
    format: first.entry.format,
    rows: sum('rows'),
    bytes: sum('bytes'),
    content_digest: digest,
    parts: read.flatMap(({ entry }) => entry.parts),
  };
}

function notPublished(pipeline: string, { step, dataset }: Window, missing: readonly string[]): PermanentError {
  const [first = '', last = ''] = [missing[0], missing.at(-1)];
  const shown = missing.length > 3 ? `${first} to ${last} (${missing.length})` : missing.join(', ');
  return new PermanentError(
    `"${step}.${dataset}" is not published for ${shown}; run them first (npx daybreak backfill ${pipeline} --from ${first} --to ${last} --missing --failed), name the first partition ("start" of "partition"), or write "missing: skip" under "needs"`,
  );
}
