/** The partitions that a person asked for. Two requests with the same content are one backfill while the first has not ended. */
export interface BackfillRequest {
  readonly from: string;
  readonly to: string;
  /** States of partitions, sorted; `all` for each state. */
  readonly which: readonly string[];
  /** Steps to run again, sorted; empty for those that have to. */
  readonly steps: readonly string[];
}

/** One partition of a backfill. */
export interface BackfillItem {
  readonly partition: string;
  /** Its state when the backfill began. */
  readonly status: string;
}

/**
 * `<pipeline>/backfills/<digest of the request>.json`: the partitions that a backfill was to run when it began. Which of them are done, the ledger of partitions says. The next request
 * with the same content after the end replaces it.
 */
export interface Backfill extends BackfillRequest {
  readonly id: string;
  readonly began_at: string;
  /** Null until each partition was run. */
  readonly ended_at: string | null;
  readonly items: readonly BackfillItem[];
}
