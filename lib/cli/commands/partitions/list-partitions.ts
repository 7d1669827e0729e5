import { partitionRange } from '../../../operate/partitions/partition-range.ts';
import { type PartitionState, partitionStatuses } from '../../../operate/partitions/partition-state.ts';
import { readPartitions } from '../../../operate/partitions/read-partitions.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { openPlace } from '../../typed/place.ts';
import { UsageError } from '../../typed/usage-error.ts';
import { partitionedPipeline } from './partition-facts.ts';
import { partitionTable } from './partition-table.ts';

/** Lists the partitions of a pipeline: which are good, stale, failed, missing, or being worked on. */
export async function listPartitions({ args, option, flag }: Invocation, context: Context): Promise<Answer> {
  const place = await openPlace({ args, option, flag }, context);
  const { facts, rule } = await partitionedPipeline(args[0] ?? '', place, context);
  const named = { from: option('from'), to: option('to') };
  const { name } = facts.pipeline;
  const range = await partitionRange(named, rule, { store: place.store, pipeline: name, now: Date.now() });
  if ('problem' in range) throw new UsageError(range.problem);
  const states = await readPartitions(place, facts, range.partitions);
  return {
    exitCode: 0,
    json: {
      pipeline: name,
      by: rule.by,
      timezone: rule.timezone,
      counts: countsOf(states),
      partitions: states.map(stateJson),
    },
    text: partitionTable(states, { pipeline: name, rule }, context),
  };
}

function countsOf(states: readonly PartitionState[]): Record<string, number> {
  return Object.fromEntries(
    partitionStatuses.map((status) => [status, states.filter((state) => state.status === status).length]),
  );
}

const stateJson = ({ partition, status, changed, last, good, version }: PartitionState) => ({
  ...partition,
  status,
  ...(changed.length > 0 && { changed: [...changed] }),
  last: last && { ...last },
  good: good && { ...good },
  version,
});
