import type { PipelinePlan } from '../../compiler/plan/plan.ts';
import type { JsonObject } from '../../contract/json.ts';
import { decidePartition } from '../../input/partitions/decide-partition.ts';

/**
 * Milliseconds since 1970 at which a run on a virtual clock may begin: `earliest`, or the end of the partition that the input names if that is later, since
 * Prepare refuses a partition that has not begun.
 */
export function runBegins({ partition }: Pick<PipelinePlan, 'partition'>, input: JsonObject, earliest: number): number {
  if (partition === null) return earliest;
  const decided = decidePartition(input, partition, { run: null, scheduledTime: null, now: null });
  return 'partition' in decided ? Math.max(earliest, Date.parse(decided.partition.end)) : earliest;
}
