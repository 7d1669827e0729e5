import type { JsonObject } from '../../contract/json.ts';
import type { RunRef } from '../../contract/object-keys.ts';
import type { Assessment } from '../../operate/resume/assess.ts';
import type { RunReport } from '../../operate/runs/run-report.ts';
import type { Answer } from '../command.ts';
import type { Place } from '../typed/place.ts';

/** The parsed arguments of `resume`. */
export interface TypedResume {
  /** Name or path of the pipeline. */
  readonly wanted: string;
  readonly runId: string;
  readonly place: Place;
  /** Null: the run keeps its input. */
  readonly input: JsonObject | null;
  readonly from: readonly string[];
  /** Value of `--data`. */
  readonly data: string | null;
}

/** A planned resume. `start` starts the execution and waits for its end. */
export interface PreparedResume {
  readonly run: RunRef;
  readonly assessment: Assessment;
  readonly start: () => Promise<RunReport>;
  /** Adds what people hear of the run to its answer. A deployed run has a function for that. */
  readonly tell: ((answer: Answer, send: boolean) => Promise<Answer>) | null;
}
