import type { ListedExecution } from '../../contract/index-keys.ts';
import { executionEndKey, executionKey, type RunRef, runKey } from '../../contract/object-keys.ts';
import type { ExecutionEnd, ExecutionRecord } from '../../contract/records/execution.ts';
import type { RunRecord } from '../../contract/records/run.ts';
import type { Executions, ObjectStore } from '../../ports/ports.ts';
import { eachOf } from '../../runtime/records/each-of.ts';
import { readOrNote } from '../../runtime/records/json-objects.ts';
import { currentExecution } from './current-execution.ts';
import { executionStatus } from './execution-status.ts';
import { latestRuns, openIndex } from './pipeline-index.ts';
import { runKeys } from './run-keys.ts';
import type { RunReport } from './run-report.ts';

/** One run in a list: its latest execution. */
type RunSummary = Pick<RunReport, 'run_id' | 'execution' | 'status' | 'damaged' | 'started_at' | 'ended_at'> & {
  /** Number of the run's dead letters, over all its executions. */
  readonly dead_letters: number;
  /** The run was made out of another one, and counts for nothing else. */
  readonly trial?: true;
};

/** Runs of a pipeline, latest start first. */
export interface RunList {
  readonly runs: readonly RunSummary[];
  /** Number of older runs. With `more`, there are further ones, and their number is unknown. */
  readonly older: number;
  readonly more: boolean;
}

/** Runs of a screenful. */
export const screenful = 18;

/** The records of so many runs are read, and a damaged one is reported; of older ones the index says enough. A list of runs takes 20 requests at most, with one that works. */
const readRows = 5;

/** Runs that are read at the same time. */
const width = 8;

interface Ports {
  readonly store: ObjectStore;
  readonly executions: Executions;
}

/** The latest runs of a pipeline, at most `most`. The index says which runs there are. The first `readRows` of them are read; of an older one, only a run without a known end. */
export async function listRuns(
  pipeline: string,
  { store, executions }: Ports,
  most = Number.POSITIVE_INFINITY,
): Promise<RunList> {
  const { runs: listed, whole } = await latestRuns(await openIndex(store, pipeline), most);
  const wanted = listed.slice(0, most);
  const read = await eachOf([...wanted.entries()], width, ([index, entry]) =>
    summaryOf({ pipeline, run_id: entry.run_id }, entry, { store, executions, reads: index < readRows }),
  );
  const runs = read.filter((run) => run !== null);
  return { runs: runs.sort(byStart), older: listed.length - wanted.length, more: !whole };
}

/** Ids of the latest runs of a pipeline, the latest first: all that one list gives. */
export async function runIds(store: ObjectStore, pipeline: string): Promise<string[]> {
  const { runs } = await latestRuns(await openIndex(store, pipeline), 1);
  return runs.map(({ run_id }) => run_id);
}

const byStart = (a: RunSummary, b: RunSummary): number =>
  a.started_at < b.started_at ? 1 : a.started_at > b.started_at ? -1 : 0;

/** An end decides, unless nothing was settled in the execution: then an earlier success may count. */
async function summaryOf(
  run: RunRef,
  entry: ListedExecution,
  { reads, ...ports }: Ports & { readonly reads: boolean },
): Promise<RunSummary | null> {
  const { execution, listed_at, end } = entry;
  if (end === null || execution === 0 || !(end.settled || end.status === 'SUCCEEDED')) return readSummary(run, ports);
  const { status, ended_at, dead_letters } = end;
  const known = { run_id: run.run_id, execution, status, ended_at, dead_letters };
  if (!reads) return { ...known, started_at: listed_at, damaged: [] };
  const damaged: string[] = [];
  const record = await readOrNote<ExecutionRecord>(ports.store, executionKey({ ...run, execution }), damaged);
  const ended = await readOrNote<ExecutionEnd>(ports.store, executionEndKey({ ...run, execution }), damaged);
  if (damaged.length === 0 && (record === null || ended === null)) return readSummary(run, ports);
  const found = ended && { status: ended.status, ended_at: ended.ended_at };
  const started_at = record?.started_at ?? listed_at;
  return { ...known, ...found, started_at, damaged, ...(record?.trial && { trial: true as const }) };
}

/** A run from its own records; null if it has none. */
async function readSummary(run: RunRef, { store, executions }: Ports): Promise<RunSummary | null> {
  const keys = await runKeys(store, run);
  const ref = { ...run, execution: await currentExecution(store, run, keys?.executions ?? [], executions) };
  const damaged: string[] = [];
  const execution = await readOrNote<ExecutionRecord>(store, executionKey(ref), damaged);
  const end = await readOrNote<ExecutionEnd>(store, executionEndKey(ref), damaged);
  const begun = execution ?? (await readOrNote<RunRecord>(store, runKey(ref), damaged));
  if (!keys && !begun && damaged.length === 0) return null;
  return {
    run_id: run.run_id,
    execution: ref.execution,
    status: end === null && damaged.length > 0 ? 'UNKNOWN' : await executionStatus(execution, end, executions),
    damaged,
    started_at: (begun && ('started_at' in begun ? begun.started_at : begun.created_at)) ?? '',
    ended_at: end?.ended_at ?? null,
    dead_letters: keys?.deadLetters.length ?? 0,
    ...(execution?.trial && { trial: true as const }),
  };
}
