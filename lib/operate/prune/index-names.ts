/** The names of runs in the index, to take them out. Only prune does; no function may. */
import {
  indexBaseKey,
  listedLettersPrefix,
  listedRunsPrefix,
  parseListedLetter,
  parseListedRun,
} from '../../contract/index-keys.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { parseBase } from '../runs/pipeline-index.ts';

const runOf = (name: string): string | undefined => (parseListedRun(name) ?? parseListedLetter(name))?.run_id;

/** Keys of the index, by run. */
export async function indexKeys(store: ObjectStore, pipeline: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for (const prefix of [listedRunsPrefix(pipeline), listedLettersPrefix(pipeline)])
    for await (const { key } of store.list(prefix)) {
      const run = runOf(key.slice(prefix.length));
      if (run === undefined) continue;
      const keys = found.get(run) ?? [];
      keys.push(key);
      found.set(run, keys);
    }
  return found;
}

/** Takes runs out of the base, which holds the names from before there was an index. */
export async function leaveBase(store: ObjectStore, pipeline: string, runs: ReadonlySet<string>): Promise<void> {
  const key = indexBaseKey(pipeline);
  const stays = (name: string): boolean => !runs.has(runOf(name) ?? '');
  for (;;) {
    const kept = await store.get(key);
    const base = kept && parseBase(kept.body);
    if (!base || (base.runs.every(stays) && base.letters.every(stays))) return;
    const next = { ...base, runs: base.runs.filter(stays), letters: base.letters.filter(stays) };
    const options = { ifMatch: kept.etag, contentType: 'application/json' };
    if ((await store.put(key, JSON.stringify(next), options)).written) return;
  }
}
