import { executionsPrefix, type RunRef, removalKey, runKey, runPrefix } from '../../contract/object-keys.ts';
import type { Removal } from '../../contract/records/next.ts';
import { eachOf } from '../../runtime/records/each-of.ts';
import { isoTime, overwriteJson } from '../../runtime/records/json-objects.ts';
import type { PruneOptions } from './prune-options.ts';

/** Objects that are deleted at the same time. */
const width = 16;

/**
 * Removes a run whose removal has begun; calling it again continues. Its names leave the index while all of its records are there, then the record that names the run goes, then the
 * data, and at last the records of executions. So no list shows a part of a run.
 */
export async function carryOutRemoval(run: RunRef, names: readonly string[], options: PruneOptions): Promise<void> {
  const { store, now } = options;
  const remove = async (keys: readonly string[]): Promise<void> => {
    await eachOf(keys, width, (key) => store.delete(key));
  };
  // The latest name goes last: what is left always tells how the run ended.
  for (const name of names.toReversed()) await store.delete(name);
  await store.delete(runKey(run));
  await options.forget(run);
  const records: string[] = [];
  const others: string[] = [];
  for await (const { key } of store.list(runPrefix(run)))
    (key.startsWith(executionsPrefix(run)) ? records : others).push(key);
  await remove(others);
  await remove(records);
  const done: Removal = { run_id: run.run_id, began_at: isoTime(now), decided: true, done_at: isoTime(now) };
  await overwriteJson(store, removalKey(run), done);
}
