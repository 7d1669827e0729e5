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

/** `<pipeline>/history.json`: the latest executions in which a step succeeded, the latest first. One request reads it, however many runs there are. */
export interface RunHistory {
  readonly runs: readonly RunSummary[];
}
