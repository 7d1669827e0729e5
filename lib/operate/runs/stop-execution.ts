import { executionEndKey, type RunRef } from '../../contract/object-keys.ts';
import type { ExecutionEnd, ExecutionRecord } from '../../contract/records/execution.ts';
import type { Clock, Executions, ObjectStore, StateMachine } from '../../ports/ports.ts';
import { readExecutions } from '../../runtime/records/execution-number.ts';
import { readIntact } from '../../runtime/records/json-objects.ts';
import { unrecordedRun } from './unrecorded-run.ts';

/** A wait for the end of a run that a command stops. */
export interface StopWait {
  readonly clock: Clock;
  /** Milliseconds between two looks. */
  readonly everyMs: number;
  /** Milliseconds until the command stops waiting. */
  readonly mostMs: number;
  /** Ends the wait early. */
  readonly signal: AbortSignal;
}

/** The effect of a stop. `idle`: no execution worked on the run. `unrecorded`: the execution was stopped, and the store does not have its end yet. */
export type StopResult = 'idle' | 'stopped' | 'unrecorded' | 'running';

interface Deployed {
  readonly machine: StateMachine;
  readonly store: ObjectStore;
  readonly executions: Executions;
}

/**
 * Stops the execution that works on a deployed run, and waits until the store has its end: EventBridge reports the stop to Reconcile, which writes end and dead letters.
 * Stops nothing if the run has ended.
 */
export async function stopExecution(
  run: RunRef,
  cause: string | null,
  { machine, store, executions }: Deployed,
  wait: StopWait,
): Promise<StopResult> {
  const history = await readExecutions(store, run);
  const arn = await workingArn(run, history, { machine, store, executions });
  if (arn === null) return 'idle';
  const before = await endedNumber(store, run, history);
  await machine.stop(arn, cause);
  const deadline = wait.clock.now() + wait.mostMs;
  for (;;) {
    const own = (await readExecutions(store, run)).filter(({ execution_arn }) => execution_arn === arn);
    if ((await endedNumber(store, run, own)) > before) return 'stopped';
    if (wait.signal.aborted || wait.clock.now() >= deadline)
      return (await executions.status(arn)) === 'RUNNING' ? 'running' : 'unrecorded';
    await wait.clock.sleep(wait.everyMs, wait.signal).catch(() => undefined);
  }
}

/**
 * ARN of the execution that works on the run. The last one counts also with an end, because a redrive from the console continues it under the old number; but no command
 * stops an execution that has succeeded and is about to end.
 */
async function workingArn(
  run: RunRef,
  history: readonly ExecutionRecord[],
  { machine, store, executions }: Deployed,
): Promise<string | null> {
  if (history.length === 0) return (await unrecordedRun(run, { machine, store }))?.execution_arn ?? null;
  for (const { execution, execution_arn } of history.toReversed()) {
    const end = await readIntact<ExecutionEnd>(store, executionEndKey({ ...run, execution }));
    const maybe = end === null || (end.status !== 'SUCCEEDED' && execution === history.length);
    if (maybe && (await executions.status(execution_arn)) === 'RUNNING') return execution_arn;
  }
  return null;
}

/** The highest number among these executions that has an end; 0 if there is none. */
async function endedNumber(store: ObjectStore, run: RunRef, history: readonly ExecutionRecord[]): Promise<number> {
  for (const { execution } of history.toReversed()) {
    if (await readIntact<ExecutionEnd>(store, executionEndKey({ ...run, execution }))) return execution;
  }
  return 0;
}
