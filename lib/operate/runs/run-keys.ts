/** Finds a run's records from their keys alone: lists the store once and reads no data. */
import { executionsPrefix, type RunRef, runsPrefix } from '../../contract/object-keys.ts';
import type { ObjectStore } from '../../ports/ports.ts';

export interface RunKeys {
  readonly run_id: string;
  /** The record of the run itself is there; always false where only the executions were listed. */
  readonly hasRecord: boolean;
  /** Execution numbers, ascending. */
  readonly executions: readonly number[];
  /** Keys of dead letters, ascending. */
  readonly deadLetters: readonly string[];
  /** Keys of dismissals of dead letters. */
  readonly dismissals: readonly string[];
  /** Executions behind which people or a next execution left something, ascending. */
  readonly nexts: readonly number[];
}

/** The run's records, or null if the store has none. */
export async function runKeys(store: ObjectStore, run: RunRef): Promise<RunKeys | null> {
  const prefix = runsPrefix(run.pipeline);
  // Lists only the executions: a run's data may be a hundred thousand objects.
  const found = await collect(store, executionsPrefix(run), prefix.length);
  return found[0] ?? null;
}

/** The records of all runs of a pipeline, by run id. */
export function allRunKeys(store: ObjectStore, pipeline: string): Promise<RunKeys[]> {
  const prefix = runsPrefix(pipeline);
  return collect(store, prefix, prefix.length);
}

interface Collected {
  readonly run_id: string;
  hasRecord: boolean;
  readonly executions: number[];
  readonly deadLetters: string[];
  readonly dismissals: string[];
  readonly nexts: number[];
}

async function collect(store: ObjectStore, listed: string, skipped: number): Promise<RunKeys[]> {
  const runs = new Map<string, Collected>();
  for await (const { key } of store.list(listed)) {
    const [run_id, kind, first, second, third] = key.slice(skipped).split('/');
    if (run_id === undefined || kind === undefined) continue;
    const run = runs.get(run_id) ?? empty(run_id);
    runs.set(run_id, run);
    if (kind === 'run.json') run.hasRecord = true;
    if (kind !== 'executions' || first === undefined) continue;
    const number = /^([1-9]\d{0,8})\.json$/.exec(first)?.[1];
    if (number !== undefined && second === undefined) run.executions.push(Number(number));
    if (second === 'next.json') run.nexts.push(Number(first));
    if (second === 'dead-letters' && third?.endsWith('.json')) run.deadLetters.push(key);
    if (second === 'dismissals' && third?.endsWith('.json')) run.dismissals.push(key);
  }
  for (const run of runs.values()) {
    run.executions.sort((a, b) => a - b);
    run.nexts.sort((a, b) => a - b);
  }
  return [...runs.values()];
}

const empty = (run_id: string): Collected => ({
  run_id,
  hasRecord: false,
  executions: [],
  deadLetters: [],
  dismissals: [],
  nexts: [],
});
