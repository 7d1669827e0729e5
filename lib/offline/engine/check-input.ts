import type { PipelinePlan } from '../../compiler/plan/plan.ts';
import { InvalidInputError } from '../../contract/errors.ts';
import type { JsonObject } from '../../contract/json.ts';
import { violationsOf } from '../../input/json-schema.ts';
import { decidePartition } from '../../input/partitions/decide-partition.ts';
import { runIdentity } from '../../runtime/execution/run-identity.ts';

/** Throws an InvalidInputError with every violation, as Prepare would, before anything is started. */
export function checkInput({ name, inputSchema, partition }: PipelinePlan, input: JsonObject): void {
  const identity = runIdentity(name, name, input);
  const violations = [...identity.violations];
  // A resumed or scheduled run takes its input from elsewhere too: only Prepare sees the whole.
  const decided =
    identity.kind === 'start' && partition
      ? decidePartition(identity.input, partition, { run: null, scheduledTime: null, now: Date.now() })
      : null;
  if (decided && 'violation' in decided) violations.push(decided.violation);
  else if (identity.kind === 'start' && inputSchema)
    violations.push(...violationsOf(inputSchema, structuredClone(identity.input)));
  if (violations.length > 0)
    throw new InvalidInputError(`the input of pipeline ${name} does not fit; nothing was started`, violations);
}
