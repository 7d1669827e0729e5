import type { Json, JsonObject } from '../../contract/json.ts';
import type { CheckResult } from '../../contract/records/data-check.ts';
import type { DeadLetter } from '../../contract/records/dead-letter.ts';
import type { Failure } from '../../contract/records/failure.ts';
import type { Vouching } from '../../contract/records/next.ts';
import type { OutcomeKind } from '../../contract/records/outcome.ts';
import type { Origin, Trial } from '../../contract/records/run.ts';

/** The state of one run, from its records in the store. `run --json` and `status --json` print the same. */
export interface RunReport {
  readonly pipeline: string;
  readonly run_id: string;
  /** Number of the latest execution. */
  readonly execution: number;
  /** `UNKNOWN`: the record of the status is damaged. */
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'UNKNOWN';
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly input: JsonObject;
  readonly failure: Failure | null;
  /** In the pipeline's order if known, else by name. */
  readonly steps: readonly StepReport[];
  readonly dead_letters: readonly DeadLetter[];
  /** Keys of damaged records of the run. Their content is missing in the report. */
  readonly damaged: readonly string[];
  /** Only of a run that a person made out of another one: it counts for nothing else. */
  readonly trial?: Trial;
  /** Where the original of such a run is. */
  readonly origin?: Origin;
  /** Address of the store: `file:///...` or `s3://...`. */
  readonly store: string;
}

export interface StepReport {
  readonly step: string;
  /** `pending` if the execution has no outcome of the step (yet). */
  readonly outcome: OutcomeKind | 'pending';
  readonly attempts: number;
  readonly started_at: string | null;
  readonly ended_at: string | null;
  readonly result: Json | null;
  readonly failure: Failure | null;
  /** The latest progress of a pending step's handler; absent without progress. */
  readonly progress?: { readonly done: number; readonly total: number | null; readonly message: string | null };
  readonly causes: readonly string[];
  /** A person vouched for the step: the result is theirs, or the next execution reuses theirs. Absent otherwise. */
  readonly vouched?: Vouching;
  readonly datasets: Readonly<
    Record<string, { readonly rows: number; readonly bytes: number; readonly paths: readonly string[] }>
  >;
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly path: string }>>;
  /** Results of the checks of its committed datasets; absent without checks. */
  readonly checks?: readonly CheckResult[];
}
