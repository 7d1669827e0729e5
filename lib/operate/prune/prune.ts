/** Removes old runs as wholes: first it decides for each, then their names leave the lists, then their objects go. */
import { type RunRef, removalKey, removalsPrefix, runPrefix } from '../../contract/object-keys.ts';
import type { Removal } from '../../contract/records/next.ts';
import { eachOf } from '../../runtime/records/each-of.ts';
import { readJson } from '../../runtime/records/json-objects.ts';
import { latestRuns, openIndex } from '../runs/pipeline-index.ts';
import { beginRemoval } from './begin-removal.ts';
import { carryOutRemoval } from './carry-out-removal.ts';
import { indexKeys, leaveBase } from './index-names.ts';
import { isOld, type PruneOptions } from './prune-options.ts';
import { referredRuns } from './run-references.ts';
import { type RunSize, runSize } from './run-size.ts';

/** A run that is removed, or would be. */
export interface RemovedRun extends RunSize {
  readonly run_id: string;
  /** Null for a run whose removal was interrupted before. */
  readonly ended_at: string | null;
}

/** An old run that stays. */
interface KeptRun {
  readonly run_id: string;
  readonly ended_at: string;
  readonly reason: string;
}

export interface Pruned {
  /** The oldest first. */
  readonly removed: readonly RemovedRun[];
  readonly kept: readonly KeptRun[];
}

/**
 * Removes every run of a pipeline that ended more than `keepDays` days ago and that nothing refers to. A prune that was killed is continued by the next one. With `dryRun` it answers
 * the same and writes nothing.
 */
export async function prune(options: PruneOptions): Promise<Pruned> {
  const { pipeline, store, now, keepDays, dryRun } = options;
  const { begun, undecided } = await removalsOf(store, pipeline, options);
  const { runs } = await latestRuns(await openIndex(store, pipeline), Number.POSITIVE_INFINITY);
  const old = runs.flatMap(({ run_id, end }) =>
    end && isOld(end, now, keepDays) && !begun.has(run_id) ? [{ run_id, ended_at: end.ended_at }] : [],
  );
  const candidates = new Set(old.map(({ run_id }) => run_id));
  const others = runs.map(({ run_id }) => run_id).filter((id) => !candidates.has(id) && !begun.has(id));
  const referred = await referredRuns(store, pipeline, { candidates, others });
  const kept: KeptRun[] = [];
  const removed: RemovedRun[] = [];
  for (const run_id of begun) removed.push({ run_id, ended_at: null, ...(await runSize(store, { pipeline, run_id })) });
  for (const run of old.toReversed()) {
    const ref = { pipeline, run_id: run.run_id };
    const size = referred.has(run.run_id) ? null : await runSize(store, ref);
    const reason = referred.get(run.run_id) ?? (await beginRemoval(ref, options));
    if (size && reason === null) removed.push({ ...run, ...size });
    if (reason !== null) kept.push({ ...run, reason });
  }
  const gone = new Set(removed.map(({ run_id }) => run_id));
  for (const run_id of dryRun ? [] : undecided.filter((id) => !gone.has(id)))
    await store.delete(removalKey({ pipeline, run_id }));
  if (!dryRun && removed.length > 0) await removeAll(removed, options);
  return { removed, kept };
}

async function removeAll(removed: readonly RemovedRun[], options: PruneOptions): Promise<void> {
  const { pipeline, store } = options;
  await leaveBase(store, pipeline, new Set(removed.map(({ run_id }) => run_id)));
  const names = await indexKeys(store, pipeline);
  for (const { run_id } of removed) {
    const run: RunRef = { pipeline, run_id };
    await carryOutRemoval(run, names.get(run_id) ?? [], options);
  }
}

/** Records of removals that are read at the same time. */
const width = 8;

/** Removals that earlier prunes left: `begun` must be carried out, `undecided` runs are whole. Records of removals that ended a day ago go. */
async function removalsOf(
  store: PruneOptions['store'],
  pipeline: string,
  { now, dryRun }: PruneOptions,
): Promise<{ readonly begun: ReadonlySet<string>; readonly undecided: readonly string[] }> {
  const keys: string[] = [];
  for await (const { key } of store.list(removalsPrefix(pipeline))) keys.push(key);
  const found = await eachOf(keys, width, (key) => readJson<Removal>(store, key));
  const begun = new Set<string>();
  const undecided: string[] = [];
  for (const record of found) {
    if (!record) continue;
    const { run_id, decided, done_at } = record;
    if (!decided) undecided.push(run_id);
    else if (done_at === null) begun.add(run_id);
    else if (!dryRun && isOld({ ended_at: done_at }, now, 1)) await forgetRemoval({ pipeline, run_id }, store);
  }
  return { begun, undecided };
}

/** Takes the record of a removal away, after what a start that was refused meanwhile has left. Another run may have the same id by now: it stays. */
async function forgetRemoval(run: RunRef, store: PruneOptions['store']): Promise<void> {
  const left: string[] = [];
  for await (const { key } of store.list(runPrefix(run))) left.push(key);
  if (left.every((key) => key.endsWith('/next.json'))) for (const key of left) await store.delete(key);
  await store.delete(removalKey(run));
}
