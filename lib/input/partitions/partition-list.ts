import type { Partition, PartitionRule } from './partition.ts';
import { partitionAt } from './partition-names.ts';

/** Yields the partitions from one up to another, both included, in the order of time; none if `to` lies before `from`. */
export function* partitionsFrom(from: Partition, to: Partition, rule: PartitionRule): Generator<Partition> {
  let at = from;
  while (at.start < to.start) {
    yield at;
    at = partitionAt(Date.parse(at.end), rule);
  }
  if (at.start === to.start) yield at;
}
