import type { LoadedPipeline } from '../../compiler/loaded-pipeline.ts';
import type { JsonObject } from '../../contract/json.ts';
import type { HistoryEvent } from '../asl/api.ts';

/** The options of `runPipeline`, which runs a compiled pipeline on this machine. */
export interface RunOptions {
  readonly pipeline: LoadedPipeline & { readonly ok: true };
  /** Folder that has `pipelines/` and `lambdas/steps/`; handlers' entries are relative to it. */
  readonly root: string;
  /** Folder of the store; queue, logs and execution records lie below its `.daybreak`. */
  readonly storeFolder: string;
  /** Execution input; null: what `local.setup` proposes, else what the schedule would send, else `{}`. */
  readonly input: JsonObject | null;
  /** The reserved key of the input, if the input leaves it to the caller: the run that the execution belongs to. */
  readonly daybreak?: JsonObject;
  /** The handlers of these steps wait for a debugger; null: of all steps. No time-out counts then. */
  readonly inspect?: readonly string[] | null;
  /** File with source data for `local.setup`. */
  readonly data: string | null;
  /** Name of the template's environment that the pipeline was compiled with; kept for a later resume. */
  readonly environment?: string | null;
  readonly onProgress: (event: Progress) => void;
  /** Stops the execution: status ABORTED. */
  readonly signal: AbortSignal;
}

/** The events of a running pipeline, for people who watch. Times are milliseconds since 1970. */
export type Progress =
  | { readonly type: 'setup'; readonly line: string }
  | {
      readonly type: 'started';
      readonly run_id: string;
      /** Number of the redrive; absent or 0 for the first start. */
      readonly redrive?: number;
      readonly input: JsonObject;
      readonly at: number;
    }
  /** The run waits for another run to end; reported again if it then waits for a third one. */
  | { readonly type: 'queued'; readonly reason: string; readonly at: number }
  | { readonly type: 'step-waiting'; readonly step: string; readonly at: number }
  /** An invocation of a step begins; from the second `invocation` on (1 when absent) the same attempt continues after a yield. */
  | {
      readonly type: 'step-started';
      readonly step: string;
      readonly attempt: number;
      readonly invocation?: number;
      readonly at: number;
    }
  /** An attempt failed and another will follow. */
  | {
      readonly type: 'step-retrying';
      readonly step: string;
      readonly error: string;
      readonly cause: string;
      readonly at: number;
    }
  | { readonly type: 'step-ended'; readonly step: string; readonly outcome: string; readonly at: number }
  /** Reported by the handler through `step.progress`. */
  | {
      readonly type: 'step-progress';
      readonly step: string;
      readonly done: number;
      readonly total: number | null;
      readonly message: string | null;
    }
  | { readonly type: 'history'; readonly event: HistoryEvent };
