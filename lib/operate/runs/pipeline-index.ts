import {
  indexBaseKey,
  type ListedExecution,
  type ListedLetter,
  listedLettersPrefix,
  listedRunsPrefix,
  parseListedLetter,
  parseListedRun,
} from '../../contract/index-keys.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { gatherBase, type IndexBase } from './gather-base.ts';

/** A pipeline's index, opened for reading. */
export interface PipelineIndex {
  readonly pipeline: string;
  readonly store: ObjectStore;
  readonly base: IndexBase;
}

/** So many runs are read faster than an index of them is worth. */
const fewRuns = 10;

/**
 * Opens the index of a pipeline. A store without one, or with a damaged base, is read as a whole, once: the base is kept if the store takes it. If the store
 * does not take it, the answer is the same, and each call reads everything.
 */
export async function openIndex(store: ObjectStore, pipeline: string): Promise<PipelineIndex> {
  const key = indexBaseKey(pipeline);
  const kept = await store.get(key);
  const base = kept && parseBase(kept.body);
  if (base) return { pipeline, store, base };
  const gathered = await gatherBase(store, pipeline);
  const condition = kept ? { ifMatch: kept.etag } : { ifNoneMatch: '*' as const };
  if (gathered.runs.length > fewRuns)
    await store
      .put(key, JSON.stringify(gathered), { ...condition, contentType: 'application/json' })
      .catch(() => undefined);
  return { pipeline, store, base: gathered };
}

/** The base in a body of the store; null if it is damaged. */
export function parseBase(body: Uint8Array): IndexBase | null {
  try {
    const base = JSON.parse(Buffer.from(body).toString()) as Partial<IndexBase> | null;
    return base?.format === 1 && areNames(base.runs) && areNames(base.letters) ? (base as IndexBase) : null;
  } catch {
    return null;
  }
}

const areNames = (list: unknown): boolean => Array.isArray(list) && list.every((name) => typeof name === 'string');

/** Runs of an index, the latest first, each with its latest execution. */
export interface ListedRuns {
  readonly runs: readonly ListedExecution[];
  /** All runs are there; otherwise there are more. */
  readonly whole: boolean;
}

/** S3 gives so many keys per request. */
const page = 1_000;

/** The latest runs of an index: all that one request gives, and at least `atLeast` of them. */
export async function latestRuns({ store, pipeline, base }: PipelineIndex, atLeast: number): Promise<ListedRuns> {
  const runs = new Map<string, ListedExecution>();
  const prefix = listedRunsPrefix(pipeline);
  let read = 0;
  for await (const { name, own } of merged(base.runs, namesBelow(store, prefix))) {
    const listed = parseListedRun(name);
    if (listed) runs.set(listed.run_id, later(runs.get(listed.run_id), listed));
    if (own) read += 1;
    if (own && read >= page && runs.size >= atLeast) return { runs: [...runs.values()], whole: false };
  }
  return { runs: [...runs.values()], whole: true };
}

/** Names come latest first, so only another name of the same execution can say more than the first one. */
function later(known: ListedExecution | undefined, listed: ListedExecution): ListedExecution {
  if (!known || listed.execution > known.execution) return listed;
  if (listed.execution < known.execution || !listed.end) return known;
  const more = known.end === null || listed.end.dead_letters > known.end.dead_letters;
  return more ? listed : known;
}

/** The latest dead letters of an index, open or not, at most `most`: of a thousand, one list gives all. */
export async function latestLetters(
  { store, pipeline, base }: PipelineIndex,
  most: number,
): Promise<readonly ListedLetter[]> {
  const letters: ListedLetter[] = [];
  for await (const { name } of merged(base.letters, namesBelow(store, listedLettersPrefix(pipeline)))) {
    const listed = parseListedLetter(name);
    if (listed && !listed.closed) letters.push(listed);
    if (letters.length >= most) break;
  }
  return letters;
}

/** Dead letters of an index. */
export interface ListedLetters {
  /** All of them, the latest failure first. */
  readonly all: readonly ListedLetter[];
  /** The letters that the index does not know to be closed or replaced; their records decide. */
  readonly maybeOpen: readonly ListedLetter[];
}

/** The dead letters of an index. */
export async function listedLetters({ store, pipeline, base }: PipelineIndex): Promise<ListedLetters> {
  const all = new Map<string, ListedLetter>();
  const closed = new Set<string>();
  const latest = new Map<string, number>();
  for await (const { name } of merged(base.letters, namesBelow(store, listedLettersPrefix(pipeline)))) {
    const listed = parseListedLetter(name);
    if (!listed) continue;
    if (listed.closed) closed.add(idOf(listed));
    else if (!all.has(idOf(listed))) all.set(idOf(listed), listed);
    const step = `${listed.run_id}/${listed.step}`;
    if (!listed.closed) latest.set(step, Math.max(latest.get(step) ?? 0, listed.execution));
  }
  const letters = [...all.values()];
  const maybeOpen = letters.filter(
    (one) => !closed.has(idOf(one)) && latest.get(`${one.run_id}/${one.step}`) === one.execution,
  );
  return { all: letters, maybeOpen };
}

const idOf = ({ run_id, execution, step }: ListedLetter): string => `${run_id}/${execution}/${step}`;

async function* namesBelow(store: ObjectStore, prefix: string): AsyncGenerator<string> {
  for await (const { key } of store.list(prefix)) yield key.slice(prefix.length);
}

/** Two sorted sequences as one; `own` tells names of the second. */
async function* merged(
  base: readonly string[],
  own: AsyncGenerator<string>,
): AsyncGenerator<{ readonly name: string; readonly own: boolean }> {
  let at = 0;
  for await (const name of own) {
    for (let old = base[at]; old !== undefined && old <= name; old = base[++at]) yield { name: old, own: false };
    yield { name, own: true };
  }
  for (const name of base.slice(at)) yield { name, own: false };
}
