import type { PartitionSetting } from '../../input/partitions/decide-partition.ts';
import type { Template } from '../template/template.ts';
import { defaults } from './defaults.ts';

/** The rule of a template's partitions, in the schedule's zone unless it has its own; null without `partition`. */
export function planPartition({
  partition,
  schedule,
}: Pick<Template, 'partition' | 'schedule'>): PartitionSetting | null {
  if (!partition) return null;
  const { by, key, start } = partition;
  const timezone = partition.timezone ?? schedule?.timezone ?? defaults.timezone;
  return { by, key, timezone, ...(start !== null && { start }) };
}
