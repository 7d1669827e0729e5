import { executionEndKey, leaseKey, type RunRef } from '../../contract/object-keys.ts';
import type { ExecutionEnd, ExecutionRecord } from '../../contract/records/execution.ts';
import type { Lease } from '../../contract/records/lease.ts';
import type { Executions, ObjectStore } from '../../ports/ports.ts';
import { isRemoved } from '../../runtime/manifests/next-record.ts';
import { readIntact } from '../../runtime/records/json-objects.ts';
import { refuseIfHeld } from '../runs/holder.ts';
import { RunRefusedError } from '../runs/run-refused-error.ts';

interface Looked {
  readonly store: ObjectStore;
  readonly executions: Executions;
  readonly history: readonly ExecutionRecord[];
}

/**
 * Throws a RunRefusedError if an execution works on the run, is about to, or has died without a record of its end. This look is for people: an execution that begins after it meets
 * the person at the record that follows the last execution.
 */
export async function refuseWorking(run: RunRef, { store, executions, history }: Looked): Promise<void> {
  if (await isRemoved(store, run)) throw new RunRefusedError(`run ${run.run_id} is removed by \`prune\``);
  await refuseIfHeld(run, history, { store, executions });
  const last = history.at(-1);
  if (!last) return;
  // The console's redrive continues an execution that has an end, under its old number.
  const holder = last.lease && (await readIntact<Lease>(store, leaseKey(run.pipeline, last.lease.key)))?.holder;
  const arns = [last.execution_arn, ...(holder && holder.run_id === run.run_id ? [holder.execution_arn] : [])];
  for (const arn of new Set(arns))
    if ((await executions.status(arn)) === 'RUNNING')
      throw new RunRefusedError(`run ${run.run_id} is being worked on by ${arn}; wait for its end, or stop it`);
  if (!(await readIntact<ExecutionEnd>(store, executionEndKey({ ...run, execution: last.execution }))))
    throw new RunRefusedError(
      `the end of execution ${last.execution} of run ${run.run_id} is not recorded yet; Reconcile records it within minutes, or at the hourly sweep`,
    );
}
