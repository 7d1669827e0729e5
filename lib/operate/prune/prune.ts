/** Removes old runs as wholes: of each, first it decides, then its names leave the lists, then its objects go. */
import { type RunRef, removalKey, removalsPrefix, runPrefix } from '../../contract/object-keys.ts';
import type { Removal } from '../../contract/records/next.ts';
import { eachOf } from '../../runtime/records/each-of.ts';
import { readJson } from '../../runtime/records/json-objects.ts';
import { removeDeadRecords } from '../published/remove-records.ts';
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
 * Removes every run of a pipeline that ended more than `keepDays` days ago and that nothing refers to, one after the other. A prune that was killed, or had no more time, is continued by
 * the next one. With `dryRun` it answers the same and writes nothing.
 */
export async function prune(options: PruneOptions): Promise<Pruned> {
  const { pipeline, store, now, keepDays, dryRun, hasTime = () => true } = options;
  const { begun, undecided } = await removalsOf(store, pipeline, options);
  const { runs } = await latestRuns(await openIndex(store, pipeline), Number.POSITIVE_INFINITY);
  const old = runs.flatMap(({ run_id, end }) =>
    end && isOld(end, now, keepDays) && !begun.has(run_id) ? [{ run_id, ended_at: end.ended_at }] : [],
  );
  const candidates = new Set(old.map(({ run_id }) => run_id));
  const others = runs.map(({ run_id }) => run_id).filter((id) => !candidates.has(id) && !begun.has(id));
  const referred = await referredRuns(store, pipeline, { candidates, others, now });
  const remove = dryRun ? async () => undefined : removerOf(options);
  const kept: KeptRun[] = [];
  const removed: RemovedRun[] = [];
  for (const run of old.toReversed()) {
    const reason = referred.get(run.run_id);
    if (reason !== undefined) kept.push({ ...run, reason });
  }
  const unneeded = old.toReversed().filter(({ run_id }) => !referred.has(run_id));
  for (const run of [...[...begun].map((run_id) => ({ run_id, ended_at: null })), ...unneeded]) {
    if (!hasTime()) break;
    const ref = { pipeline, run_id: run.run_id };
    const size = await runSize(store, ref);
    const reason = run.ended_at === null ? null : await beginRemoval(ref, options);
    if (run.ended_at !== null && reason !== null) {
      kept.push({ ...run, reason });
      continue;
    }
    await remove(ref);
    removed.push({ ...run, ...size });
  }
  const gone = new Set(removed.map(({ run_id }) => run_id));
  for (const run_id of dryRun ? [] : undecided.filter((id) => !gone.has(id)))
    await store.delete(removalKey({ pipeline, run_id }));
  if (!dryRun && hasTime()) await removeDeadRecords(store, pipeline, now);
  return { removed, kept };
}

/** Removes runs whose removal has begun. The index is read once. */
function removerOf(options: PruneOptions): (run: RunRef) => Promise<void> {
  const { pipeline, store } = options;
  let names: Promise<ReadonlyMap<string, readonly string[]>> | undefined;
  return async (run) => {
    names ??= indexKeys(store, pipeline);
    await leaveBase(store, pipeline, new Set([run.run_id]));
    await carryOutRemoval(run, (await names).get(run.run_id) ?? [], options);
  };
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
