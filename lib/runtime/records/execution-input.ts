import { PlatformError } from '../../contract/errors.ts';
import type { JsonObject } from '../../contract/json.ts';
import { executionKey } from '../../contract/object-keys.ts';
import type { RunContext } from '../../contract/payloads.ts';
import type { ExecutionRecord } from '../../contract/records/execution.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readJson } from './json-objects.ts';

/** The execution's validated input: from `$run`, or from the execution record when it is too large to travel. */
export async function executionInput(store: ObjectStore, run: RunContext): Promise<JsonObject> {
  if (run.input) return run.input;
  const record = await readJson<ExecutionRecord>(store, executionKey(run));
  if (!record) throw new PlatformError(`the record of execution ${run.execution} of run ${run.run_id} is missing`);
  return record.input;
}
