import type { Severity } from './alert-settings.ts';

/** A notice that a deadline is in danger, or was missed. Its event is made of it, so each report is the same. */
export interface DeadlineNotice {
  /** The moment of the look that found it; of a miss the deadline itself. */
  readonly at: string;
  readonly severity: Severity;
  /** Null if no run has started. */
  readonly execution: number | null;
  readonly expected: { readonly from: string; readonly to: string } | null;
  readonly held_up_by: string | null;
  readonly late_seconds: number | null;
  /** The bus took its event. */
  readonly reported: boolean;
}

/** One deadline of one scheduled start. */
export interface DeadlineRecord {
  /** Null for the deadline of the whole run. */
  readonly step: string | null;
  readonly scheduled_time: string;
  readonly ready_by: string;
  /** The run of the scheduled start, whether it began or not. */
  readonly run_id: string;
  readonly at_risk: DeadlineNotice | null;
  readonly missed: DeadlineNotice | null;
  /** When the data was ready. */
  readonly met: { readonly at: string; readonly execution: number; readonly reported: boolean } | null;
}

/** `<pipeline>/deadlines.json`: the latest deadlines, the latest scheduled start first; compare-and-swap. */
export interface DeadlineState {
  readonly pipeline: string;
  /** The schedule, as text: another one begins to count again. */
  readonly schedule: string;
  /** Scheduled starts before this moment have no deadline: the pipeline was not deployed with this schedule. */
  readonly since: string;
  readonly deadlines: readonly DeadlineRecord[];
}
