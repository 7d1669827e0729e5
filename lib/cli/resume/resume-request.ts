import type { JsonObject } from '../../contract/json.ts';
import type { RunRef } from '../../contract/object-keys.ts';
import type { Assessment } from '../../operate/resume/assess.ts';
import type { RunReport } from '../../operate/runs/run-report.ts';
import type { Place } from '../typed/place.ts';

/** What a person asks for who resumes a run. */
export interface TypedResume {
  /** The pipeline. */
  readonly wanted: string;
  readonly runId: string;
  readonly place: Place;
  /** Null: the run keeps its own. */
  readonly input: JsonObject | null;
  readonly from: readonly string[];
  /** Of `--data`. */
  readonly data: string | null;
}

/** What a resume would do, and what does it: starts the execution and waits for its end. */
export interface PreparedResume {
  readonly run: RunRef;
  readonly assessment: Assessment;
  readonly start: () => Promise<RunReport>;
}
