/** The runs that something else needs. Prune removes none of them; a feature that refers to runs adds its row here. */
import { historyKey, incidentsKey, leasesPrefix, type RunRef, runKey } from '../../contract/object-keys.ts';
import type { RunHistory } from '../../contract/records/history.ts';
import type { IncidentState } from '../../contract/records/incident.ts';
import type { Lease } from '../../contract/records/lease.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readPointer } from '../../runtime/publish/move-pointer.ts';
import { isReadable } from '../../runtime/publish/pointer-changes.ts';
import { eachOf } from '../../runtime/records/each-of.ts';
import { readJson } from '../../runtime/records/json-objects.ts';
import { openLetters } from '../letters/letter-states.ts';

interface Reference {
  /** For people, about the run. */
  readonly reason: string;
  /** Ids of the runs that are needed. A record that cannot be read is an error: no one may guess what it refers to. */
  readonly runs: (store: ObjectStore, pipeline: string, now: number) => Promise<readonly string[]>;
}

/** One row per kind of reference, except that of a run to another one (`originOf`). */
const references: readonly Reference[] = [
  {
    reason: 'a dead letter of it is open',
    runs: async (store, pipeline) => {
      const { states, damaged } = await openLetters(store, pipeline);
      // A letter that cannot be read counts as open.
      return [...states.map(({ letter }) => letter.run_id), ...damaged.map((key) => key.split('/')[2] ?? '')];
    },
  },
  {
    reason: 'an open incident is about it',
    runs: async (store, pipeline) => {
      const state = await readJson<IncidentState>(store, incidentsKey(pipeline));
      const open = state?.incidents.filter(({ status }) => status !== 'resolved') ?? [];
      return open.flatMap(({ last_run, failing, executions }) => [
        ...(last_run ? [last_run.run_id] : []),
        ...failing.flatMap(({ execution }) => (execution ? [execution.run_id] : [])),
        ...executions.map((one) => one.slice(0, one.lastIndexOf('/'))),
      ]);
    },
  },
  {
    reason: 'estimates use its times',
    runs: async (store, pipeline) =>
      (await readJson<RunHistory>(store, historyKey(pipeline)))?.runs.map(({ run_id }) => run_id) ?? [],
  },
  {
    reason: 'a published version refers to it',
    runs: async (store, pipeline, now) => {
      const pointer = await readPointer(store, pipeline);
      if (!pointer) return [];
      const retired = pointer.retired.filter((one) => isReadable(one, now));
      return [...pointer.partitions.flatMap(({ versions }) => versions), ...retired].flatMap(
        ({ run_id, other_runs = [] }) => [run_id, ...other_runs],
      );
    },
  },
  {
    reason: 'it has the turn',
    runs: async (store, pipeline) => {
      const holders: string[] = [];
      for await (const { key } of store.list(leasesPrefix(pipeline))) {
        const holder = (await readJson<Lease>(store, key))?.holder;
        if (holder) holders.push(holder.run_id);
      }
      return holders;
    },
  },
];

/** Runs whose records are read at the same time. */
const width = 8;

/**
 * The runs among `candidates` that must stay, with the reason. A run that stays may itself be made out of another one (a fork in the same store), which then stays too.
 */
export async function referredRuns(
  store: ObjectStore,
  pipeline: string,
  {
    candidates,
    others,
    now,
  }: {
    readonly candidates: ReadonlySet<string>;
    readonly others: readonly string[];
    /** Milliseconds since 1970. */
    readonly now: number;
  },
): Promise<ReadonlyMap<string, string>> {
  const stay = new Map<string, string>();
  if (candidates.size === 0) return stay;
  const found = await Promise.all(references.map(({ runs }) => runs(store, pipeline, now)));
  for (const [index, { reason }] of references.entries())
    for (const id of found[index] ?? []) if (candidates.has(id) && !stay.has(id)) stay.set(id, reason);
  // Only a folder holds runs that were made out of others.
  let next = store.url.startsWith('file:') || store.url.startsWith('memory:') ? [...others, ...stay.keys()] : [];
  while (next.length > 0) {
    const origins = await eachOf(next, width, (run_id) => originOf(store, { pipeline, run_id }));
    next = [...new Set(origins.filter((id) => id !== null && candidates.has(id) && !stay.has(id)))] as string[];
    for (const id of next) stay.set(id, 'a run that stays was made out of it');
  }
  return stay;
}

/** The run in the same store out of which a run was made; null if there is none. */
async function originOf(store: ObjectStore, run: RunRef): Promise<string | null> {
  const record = await readJson<{ readonly origin?: { readonly store: string; readonly run_id: string } }>(
    store,
    runKey(run),
  );
  return record?.origin?.store === store.url ? record.origin.run_id : null;
}
