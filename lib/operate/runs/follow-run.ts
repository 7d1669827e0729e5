import type { RunRef } from '../../contract/object-keys.ts';
import type { Clock, Executions, ObjectStore, StateMachine } from '../../ports/ports.ts';
import { readExecutions } from '../../runtime/records/execution-number.ts';
import { readRun } from './read-run.ts';
import type { RunReport } from './run-report.ts';
import { refuseEnded } from './unrecorded-run.ts';

export interface FollowOptions {
  readonly store: ObjectStore;
  readonly executions: Executions;
  readonly clock: Clock;
  /** The pipeline's steps in order, as far as known. */
  readonly steps: readonly string[];
  /** Milliseconds between two looks. */
  readonly everyMs: number;
}

/**
 * Reads a run until its latest execution has ended, or until the signal fires. Yields a report per look; the last one has the end. Yields nothing if there is
 * no such run.
 */
export async function* followRun(run: RunRef, options: FollowOptions, signal: AbortSignal): AsyncGenerator<RunReport> {
  const { store, executions, clock, everyMs } = options;
  const pipeline = { name: run.pipeline, steps: options.steps };
  for (;;) {
    const report = await readRun(store, pipeline, run.run_id, executions);
    if (report) yield report;
    if (report?.status !== 'RUNNING' || signal.aborted) return;
    await clock.sleep(everyMs, signal).catch(() => undefined);
  }
}

/**
 * Waits until an execution that was just started has its record in the store: from then on the run's reports are of it, or of a later one.
 * Throws a RunRefusedError with the reason if the execution ended without a record (refused, or its input did not fit).
 */
export async function awaitRecord(
  run: RunRef,
  executionArn: string,
  { machine, store, clock, everyMs }: Pick<FollowOptions, 'store' | 'clock' | 'everyMs'> & { machine: StateMachine },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    // Read before the store: an execution that has ended writes no more records.
    const facts = await machine.describe(executionArn);
    const history = await readExecutions(store, run);
    if (history.some((record) => record.execution_arn === executionArn)) return;
    refuseEnded(facts);
    await clock.sleep(everyMs, signal).catch(() => undefined);
  }
}
