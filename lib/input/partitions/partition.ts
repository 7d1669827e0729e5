/** Partitions of time: the hour, day, week or month of a zone on which one run works. They tile time: each moment lies in exactly one. */

export const partitionKinds = ['hour', 'day', 'week', 'month'] as const;

export type PartitionKind = (typeof partitionKinds)[number];

/** The way in which a pipeline's time is cut. */
export interface PartitionRule {
  readonly by: PartitionKind;
  /** IANA name. */
  readonly timezone: string;
  /** Name of the first partition; absent if there is none. */
  readonly start?: string | undefined;
}

/** One partition. It begins at `start` and ends before `end`; both are ISO 8601 in UTC. */
export interface Partition {
  readonly name: string;
  readonly start: string;
  readonly end: string;
}
