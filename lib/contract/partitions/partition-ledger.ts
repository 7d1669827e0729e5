import type { ExecutionEnd } from '../records/execution.ts';

/** The last execution that took the turn of a partition. */
export interface PartitionTurn {
  readonly run_id: string;
  readonly execution: number;
  readonly execution_arn: string;
  /** Of the partition's lease: a later turn has a greater one. */
  readonly fence: number;
  readonly status: ExecutionEnd['status'] | 'RUNNING';
  readonly started_at: string;
  /** Null while it runs. */
  readonly ended_at: string | null;
}

/** The last execution of a partition that succeeded. */
export interface GoodTurn {
  readonly run_id: string;
  readonly execution: number;
  readonly fence: number;
  readonly ended_at: string;
  /** Name of its code in `codes`; null if no record of the end has it. */
  readonly code: string | null;
}

/** The state of one partition. */
export interface PartitionEntry {
  readonly last: PartitionTurn;
  readonly good: GoodTurn | null;
}

/** Digest of each step's definition (its code and configuration), by step. */
export type CodeDigests = Readonly<Record<string, string>>;

/**
 * `<pipeline>/partitions/<part>.json`: partitions by name; a year of days, a month of hours, ten years of weeks or a hundred of months. Changed by compare-and-swap. It repeats what
 * records of runs say, so that one request reads many partitions.
 */
export interface PartitionLedger {
  readonly partitions: Readonly<Record<string, PartitionEntry>>;
  /** The versions of the pipeline that entries name, by a digest of them. */
  readonly codes: Readonly<Record<string, CodeDigests>>;
}
