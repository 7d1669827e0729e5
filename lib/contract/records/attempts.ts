/**
 * `executions/<n>/attempts/<step>.json`: how a step's attempts ended. Step Functions' retriers count each for itself, and from 0 whenever the machine comes back into the
 * step, so this record holds the budgets. Absent until an attempt has gone wrong; changed by compare-and-swap only.
 */
export interface AttemptsRecord {
  /** Attempts that ended with an error of the step itself, crashes included. */
  readonly step_errors: number;
  /** Those of them that asked for the delay after them (Retry-After), and so do not let the others' delays grow. */
  readonly rested: number;
  readonly time_outs: number;
  /** Faults of the platform that the runtime saw itself; Lambda's own never reach it. */
  readonly platform: number;
  /** The last attempt that is in these counts; null when none is. An attempt counts once, however often it says how it ended. */
  readonly counted: { readonly attempt: number; readonly started_at: string } | null;
}
