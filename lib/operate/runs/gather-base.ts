import { closedLetterName, listedLetterName, listedRunName } from '../../contract/index-keys.ts';
import {
  deadLetterKey,
  dismissalKey,
  executionEndKey,
  executionKey,
  outcomesPrefix,
  runKey,
} from '../../contract/object-keys.ts';
import type { DeadLetter } from '../../contract/records/dead-letter.ts';
import type { ExecutionEnd, ExecutionRecord } from '../../contract/records/execution.ts';
import type { RunRecord } from '../../contract/records/run.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { isRemoved } from '../../runtime/manifests/next-record.ts';
import { eachOf } from '../../runtime/records/each-of.ts';
import { readIntact } from '../../runtime/records/json-objects.ts';
import { currentExecution } from './current-execution.ts';
import { allRunKeys, type RunKeys } from './run-keys.ts';

/** Names that the index did not get one by one: those of runs from before it existed. Sorted. */
export interface IndexBase {
  readonly format: 1;
  readonly runs: readonly string[];
  readonly letters: readonly string[];
}

/** Runs that are read at the same time. */
const width = 16;

/** The names that the index of a pipeline would have, from all of its records. */
export async function gatherBase(store: ObjectStore, pipeline: string): Promise<IndexBase> {
  const runs = await eachOf(await allRunKeys(store, pipeline), width, async (keys) =>
    // A removal takes the record of the run away before all others, and the names are gone by then.
    keys.hasRecord || !(await isRemoved(store, { pipeline, run_id: keys.run_id })) ? [keys] : [],
  );
  const names = await eachOf(runs.flat(), width, async (keys) => ({
    run: await runName(store, pipeline, keys),
    letters: await letterNames(store, pipeline, keys),
  }));
  return {
    format: 1,
    runs: names.map(({ run }) => run).sort(),
    letters: names.flatMap(({ letters }) => letters).sort(),
  };
}

async function runName(store: ObjectStore, pipeline: string, keys: RunKeys): Promise<string> {
  const run = { pipeline, run_id: keys.run_id };
  const execution = await currentExecution(store, run, keys.executions);
  const ref = { ...run, execution };
  const record = await readIntact<ExecutionRecord>(store, executionKey(ref));
  const end = await readIntact<ExecutionEnd>(store, executionEndKey(ref));
  const begun = record?.listed_at ?? record?.started_at;
  const listed_at = isoTime(begun ?? (await readIntact<RunRecord>(store, runKey(run)))?.created_at ?? end?.ended_at);
  const listed = { run_id: keys.run_id, execution, listed_at };
  const ended = end && Number.isFinite(Date.parse(end.ended_at)) ? end : null;
  if (!ended) return listedRunName({ ...listed, end: null });
  const settled = ended.status === 'SUCCEEDED' || (await hasOutcomes(store, ref));
  const { status, ended_at } = ended;
  return listedRunName({ ...listed, end: { status, ended_at, dead_letters: keys.deadLetters.length, settled } });
}

const isoTime = (text: string | undefined): string =>
  new Date(Number.isFinite(Date.parse(text ?? '')) ? Date.parse(text ?? '') : 0).toISOString();

async function hasOutcomes(store: ObjectStore, ref: Parameters<typeof outcomesPrefix>[0]): Promise<boolean> {
  for await (const _ of store.list(outcomesPrefix(ref))) return true;
  return false;
}

/** A letter that cannot be read has a name too, so that lists show that it is damaged. */
async function letterNames(store: ObjectStore, pipeline: string, keys: RunKeys): Promise<string[]> {
  const names = await eachOf(keys.deadLetters, width, async (key) => {
    const [, number = '', step = ''] = /\/(\d+)\/dead-letters\/([^/]+)\.json$/.exec(key) ?? [];
    const listed = { run_id: keys.run_id, execution: Number(number), step };
    const ref = { pipeline, ...listed };
    if (key !== deadLetterKey(ref, step)) return [];
    const dismissed = keys.dismissals.includes(dismissalKey(ref, step));
    const letter = await readIntact<DeadLetter>(store, key);
    const name = listedLetterName(listed, isoTime(letter?.failed_at));
    return dismissed ? [name, closedLetterName(listed)] : [name];
  });
  return names.flat();
}
