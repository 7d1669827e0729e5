import { DamagedRecordError } from '../../contract/errors.ts';
import { executionEndKey, executionKey, runKey } from '../../contract/object-keys.ts';
import type { ExecutionEnd, ExecutionRecord } from '../../contract/records/execution.ts';
import type { RunRecord } from '../../contract/records/run.ts';
import type { Executions, ObjectStore } from '../../ports/ports.ts';
import { readJson } from '../../runtime/records/json-objects.ts';
import { currentExecution } from './current-execution.ts';
import { executionStatus } from './execution-status.ts';
import { allRunKeys, type RunKeys } from './run-keys.ts';
import type { RunReport } from './run-report.ts';

/** One run in a list: its latest execution. */
export type RunSummary = Pick<RunReport, 'run_id' | 'execution' | 'started_at' | 'ended_at'> & {
  /** `UNKNOWN`: the record of the status is damaged. */
  readonly status: RunReport['status'] | 'UNKNOWN';
  /** Keys of damaged records of the run. */
  readonly damaged: readonly string[];
  /** Number of the run's dead letters, over all its executions. */
  readonly dead_letters: number;
};

/** The runs of a pipeline, latest start first. */
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
  const damaged: string[] = [];
  const read = async <T>(key: string): Promise<T | null> => {
    try {
      return await readJson<T>(store, key);
    } catch (error) {
      if (!(error instanceof DamagedRecordError)) throw error;
      damaged.push(key);
      return null;
    }
  };
  const execution = await read<ExecutionRecord>(executionKey(ref));
  const end = await read<ExecutionEnd>(executionEndKey(ref));
  const started = execution?.started_at ?? (await read<RunRecord>(runKey(ref)))?.created_at;
  return {
    run_id: keys.run_id,
    execution: ref.execution,
    status: end === null && damaged.length > 0 ? 'UNKNOWN' : await executionStatus(execution, end, executions),
    damaged,
    started_at: started ?? '',
    ended_at: end?.ended_at ?? null,
    dead_letters: keys.deadLetters.length,
  };
}
