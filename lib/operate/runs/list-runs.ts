import { executionEndKey, executionKey, runKey } from '../../contract/object-keys.ts';
import type { ExecutionEnd, ExecutionRecord, RunRecord } from '../../contract/records.ts';
import type { Executions, ObjectStore } from '../../ports/ports.ts';
import { readJson } from '../../runtime/records/json-objects.ts';
import { currentExecution } from './current-execution.ts';
import { executionStatus } from './execution-status.ts';
import { allRunKeys, type RunKeys } from './run-keys.ts';
import type { RunReport } from './run-report.ts';

/** One run in a list: its latest execution. */
export type RunSummary = Pick<RunReport, 'run_id' | 'execution' | 'status' | 'started_at' | 'ended_at'> & {
  /** How many dead letters the run has, over all its executions. */
  readonly dead_letters: number;
};

/** The runs of a pipeline, the one that started last first. */
export async function listRuns(store: ObjectStore, pipeline: string, executions: Executions): Promise<RunSummary[]> {
  const keys = await allRunKeys(store, pipeline);
  const runs = await Promise.all(keys.map((run) => summary(store, pipeline, run, executions)));
  return runs.sort((a, b) => (a.started_at < b.started_at ? 1 : a.started_at > b.started_at ? -1 : 0));
}

async function summary(
  store: ObjectStore,
  pipeline: string,
  keys: RunKeys,
  executions: Executions,
): Promise<RunSummary> {
  const run = { pipeline, run_id: keys.run_id };
  const ref = { ...run, execution: await currentExecution(store, run, keys.executions, executions) };
  const execution = await readJson<ExecutionRecord>(store, executionKey(ref));
  const end = await readJson<ExecutionEnd>(store, executionEndKey(ref));
  const started = execution?.started_at ?? (await readJson<RunRecord>(store, runKey(ref)))?.created_at;
  return {
    run_id: keys.run_id,
    execution: ref.execution,
    status: await executionStatus(execution, end, executions),
    started_at: started ?? '',
    ended_at: end?.ended_at ?? null,
    dead_letters: keys.deadLetters.length,
  };
}
