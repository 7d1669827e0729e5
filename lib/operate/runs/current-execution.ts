import { executionEndKey, executionKey, outcomesPrefix, type RunRef } from '../../contract/object-keys.ts';
import type { ExecutionEnd, ExecutionRecord } from '../../contract/records/execution.ts';
import type { Executions, ObjectStore } from '../../ports/ports.ts';
import { readIntact } from '../../runtime/records/json-objects.ts';

/**
 * Number of the execution that decides the run's status, from these numbers in ascending order; 0 if there is none. It is the last one, but a success counts
 * until a later execution is running or has settled something.
 * An execution that died before Prepare gets its number only at its reconciliation, possibly after the next one has succeeded.
 */
export async function currentExecution(
  store: ObjectStore,
  run: RunRef,
  numbers: readonly number[],
  executions?: Executions,
): Promise<number> {
  const last = numbers.at(-1) ?? 0;
  for (const execution of numbers.toReversed()) {
    const ref = { ...run, execution };
    const end = await readIntact<ExecutionEnd>(store, executionEndKey(ref));
    if (end?.status === 'SUCCEEDED') return execution;
    for await (const _ of store.list(outcomesPrefix(ref))) return last;
    const record = end ? null : await readIntact<ExecutionRecord>(store, executionKey(ref));
    if (record && (await executions?.status(record.execution_arn)) === 'RUNNING') return last;
  }
  return last;
}
