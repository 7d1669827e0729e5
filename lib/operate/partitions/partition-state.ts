import type { GoodTurn, PartitionTurn } from '../../contract/partitions/partition-ledger.ts';
import type { Partition } from '../../input/partitions/partition.ts';

/**
 * `good`: its last run succeeded, with the current code. `stale`: it succeeded with other code. `failed`: its last run did not succeed. `running`: an execution works on it. `missing`: no
 * run has worked on it.
 */
export const partitionStatuses = ['good', 'stale', 'failed', 'missing', 'running'] as const;

export type PartitionStatus = (typeof partitionStatuses)[number];

/** A partition as people see it. */
export interface PartitionState {
  readonly partition: Partition;
  readonly status: PartitionStatus;
  /** For `stale`: the steps whose code or configuration is another one; empty if the record does not say with which code it was made. */
  readonly changed: readonly string[];
  /** The execution that worked on it last. */
  readonly last: PartitionTurn | null;
  /** The last one that succeeded. */
  readonly good: GoodTurn | null;
  /** The version that readers see; null if there is none. */
  readonly version: number | null;
}
