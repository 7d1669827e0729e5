import type { ExecutionEnd } from './execution.ts';
import type { Span } from './outcome.ts';

/** The times and sizes of one execution. */
export interface RunSummary {
  readonly run_id: string;
  readonly execution: number;
  readonly status: ExecutionEnd['status'];
  readonly started_at: string;
  readonly ended_at: string;
  /** Of the steps that succeeded in this execution. */
  readonly steps: Readonly<Record<string, Span>>;
}

/** Figures of one execution, or sums of them. */
export interface RunSizes {
  /** From the start of the execution to its end. */
  readonly seconds: number;
  /** Of the datasets that its steps made. */
  readonly rows: number;
  readonly bytes: number;
  /** Attempts that began, over all steps; and those of them that repeat one. */
  readonly attempts: number;
  readonly retries: number;
  /** Seconds between the moment a step's last dependency ended and the moment its handler began, over all steps. */
  readonly wait_seconds: number;
}

/** Sums over every execution that ended since `since`, each counted once. */
export interface RunTotals {
  readonly since: string;
  readonly ends: Readonly<Record<ExecutionEnd['status'], number>>;
  readonly sizes: RunSizes;
  /** The execution that ended last. */
  readonly last: RunSizes & Pick<ExecutionEnd, 'status' | 'ended_at'>;
  /** The end of the latest execution that succeeded: the age of the last good data. Null before the first. */
  readonly succeeded_at: string | null;
  /** Executions of the latest days that are in the sums, as `<run>/<execution>`, with their ends. */
  readonly counted: readonly (readonly [execution: string, ended_at: string])[];
  /** An execution that ended until then and is not in `counted` has been counted. */
  readonly forgotten_until: string | null;
}

/** `<pipeline>/history.json`: the latest executions in which a step succeeded, the latest first. One request reads it, however many runs there are. */
export interface RunHistory {
  readonly runs: readonly RunSummary[];
  /** Absent in a history of an earlier version. */
  readonly totals?: RunTotals;
}
