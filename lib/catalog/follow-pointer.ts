/**
 * Makes the tables of a catalog those that the pointer names. It may be called at any time, any number of times, and by several at once: it asks for the table's version first and reads the pointer
 * afterwards, and replaces the table only if it has that version still. So no one puts an older version over a newer one.
 */
import { PermanentError } from '../contract/errors.ts';
import { emptyPointer } from '../contract/published/pointer.ts';
import type { Catalog, ObjectStore } from '../ports/ports.ts';
import { readPointer } from '../runtime/publish/move-pointer.ts';
import { type PublishedTable, publishedTables } from './published-tables.ts';

export interface FollowOptions {
  readonly store: ObjectStore;
  readonly pipeline: string;
  readonly catalog: Catalog;
  /** Tables that the pipeline publishes, by its template: those that no version has are removed. */
  readonly names: readonly string[];
}

/** The names of tables that changed. */
export interface Followed {
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Datasets that cannot be tables, with the reason. */
  readonly faults: readonly string[];
}

/** A table that others change all the time is left to them after so many tries. */
const mostTries = 20;

export async function followPointer(options: FollowOptions): Promise<Followed> {
  const changed: string[] = [];
  const removed: string[] = [];
  const known: Known = new Map();
  const first = await look(options, known);
  const names = new Set([...options.names, ...first.tables.map(({ name }) => name)]);
  for (const name of names) {
    const done = await followTable(options, name, known);
    if (done === 'changed') changed.push(name);
    if (done === 'removed') removed.push(name);
  }
  return { changed, removed, faults: first.faults };
}

type Known = Parameters<typeof publishedTables>[2];

async function look({ store, pipeline }: FollowOptions, known: Known) {
  return publishedTables(store, (await readPointer(store, pipeline)) ?? emptyPointer(pipeline), known);
}

async function followTable(
  options: FollowOptions,
  name: string,
  known: Known,
): Promise<'changed' | 'removed' | 'same'> {
  const { catalog, store } = options;
  let gone = false;
  for (let tries = 0; tries < mostTries; tries++) {
    const there = await catalog.find(name);
    const { tables } = await look(options, known);
    const table = tables.find((one) => one.name === name);
    if (!table) {
      if (!there) return gone ? 'removed' : 'same';
      await catalog.remove(name);
      gone = true;
      // A version that was published meanwhile is seen by the next look.
      continue;
    }
    if (there && isSame(there.parameters, table)) return 'same';
    await store.put(table.listKey, table.list, { contentType: 'text/plain' });
    const { listKey, list, ...entry } = table;
    if (await catalog.put(entry, there?.version ?? null)) return 'changed';
  }
  throw new PermanentError(`the table ${name} changes all the time; nothing more was done`);
}

const isSame = (there: PublishedTable['parameters'], { parameters }: PublishedTable): boolean =>
  Object.entries(parameters).every(([key, value]) => there[key] === value);
