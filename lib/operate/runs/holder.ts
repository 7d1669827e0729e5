import type { RunRef } from '../../contract/object-keys.ts';
import type { ExecutionRecord } from '../../contract/records/execution.ts';
import type { Executions, ObjectStore } from '../../ports/ports.ts';
import { findOwner } from '../../runtime/records/execution-number.ts';
import { RunRefusedError } from './run-refused-error.ts';

/** Throws a RunRefusedError that names the holder if an execution holds the run. This check is for people; only Prepare decides. */
export async function refuseIfHeld(
  run: RunRef,
  history: readonly ExecutionRecord[],
  ports: { readonly store: ObjectStore; readonly executions: Executions },
): Promise<void> {
  const last = history.at(-1);
  if (!last) return;
  // An ARN of the same machine without a name, so that it equals none of the executions.
  const mine = { ...last, execution_arn: last.execution_arn.replace(/[^:]*$/, '') };
  const owner = await findOwner(ports, run, { history, mine });
  if (!owner) return;
  const { execution, execution_arn, started_at } = owner;
  throw new RunRefusedError(
    `run ${run.run_id} is being worked on by ${execution_arn} (execution ${execution}, started at ${started_at})`,
  );
}
