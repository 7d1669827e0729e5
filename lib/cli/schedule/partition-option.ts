import type { PipelinePlan } from '../../compiler/plan/plan.ts';
import type { JsonObject } from '../../contract/json.ts';
import { UsageError } from '../typed/usage-error.ts';

/** The input with the partition of `--partition` in its field; the input unchanged if no partition is given. */
export function withPartition(
  input: JsonObject | null,
  name: string | null,
  { name: pipeline, partition }: PipelinePlan,
): JsonObject | null {
  if (name === null) return input;
  if (!partition)
    throw new UsageError(`${pipeline} has no partitions; --partition needs the key "partition" in its template`);
  const given = input && Object.hasOwn(input, partition.key) ? input[partition.key] : undefined;
  if (given !== undefined && given !== name)
    throw new UsageError(`--partition is "${name}", but "${partition.key}" of --input is ${JSON.stringify(given)}`);
  return { ...input, [partition.key]: name };
}
