import type { Json } from '../contract/json.ts';
import type { PipelineSteps, ReadRow, StepName, WriteRow } from '../runtime/pipeline-types.ts';
import type { Columns, RunFacts } from '../runtime/step.ts';
import type { InputOf } from '../runtime/typed-step.ts';

/** A dataset of a dependency: its rows, with columns where the template does not tell them. */
export type GivenDataset<Row = object> = readonly Row[] | { readonly columns: Columns; readonly rows: readonly Row[] };

/** The output of a dependency: its result, datasets and files; or the way in which it ended without any. */
export type GivenStep =
  | 'failed'
  | 'blocked'
  | 'skipped'
  | {
      readonly result?: unknown;
      readonly datasets?: Readonly<Record<string, GivenDataset>>;
      readonly files?: Readonly<Record<string, string | Uint8Array>>;
    };

/** The surroundings of a step in a test. Everything may be left out that the handler does not use. */
export interface Given<Input = object, Config = object> {
  /** Checked against `input_schema`, which also fills in defaults. */
  readonly input?: Input;
  /** In place of the template's `handler.initialization`. */
  readonly config?: Config;
  /** By the name of the dependency. Of a step of a template, all dependencies have to be given, if only as `{}`. */
  readonly upstream?: Readonly<Record<string, GivenStep>>;
  /** Values by the names that the template declares. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** From 1, which is the default. The attempts before it count as errors of the step. */
  readonly attempt?: number;
  /** State of the last `yieldIfDue`. */
  readonly checkpoint?: unknown;
  /** Objects that `step.object` reads, by their keys below `sources/`. */
  readonly sources?: Readonly<Record<string, string | Uint8Array>>;
  /** Keys of `step.once` that an earlier attempt has done. */
  readonly done?: readonly string[];
  /** Values of `step.watermark` by name, as the version before has them. */
  readonly watermarks?: Readonly<Record<string, Json>>;
  readonly run?: Partial<Pick<RunFacts, 'run_id' | 'execution' | 'started_at' | 'scheduled_time' | 'partition'>>;
  /** `pipeline.step`: the step of the template that the handler is tested as. A handler that `defineStep` made with one name has it already. */
  readonly step?: string;
  /** The environment of the template; none by default. */
  readonly env?: string;
  /** Folder with `pipelines/`; the current folder by default. */
  readonly root?: string;
  /** Without a template: column types by dataset, and a JSON Schema, which the step has to keep to. */
  readonly outputs?: Readonly<Record<string, { readonly schema?: Columns }>>;
  readonly resultSchema?: Json;
}

type UpstreamOf<Name> = Name extends keyof PipelineSteps
  ? PipelineSteps[Name] extends { readonly upstream: infer U }
    ? { readonly [S in keyof U]: GivenTyped<U[S]> }
    : never
  : Readonly<Record<string, GivenStep>>;

type GivenTyped<S> =
  | Exclude<GivenStep, object>
  | {
      readonly result?: S extends { readonly result: infer R } ? Partial<R> | R : unknown;
      readonly datasets?: S extends { readonly outputs: infer O }
        ? { readonly [D in keyof O]?: GivenDataset<WriteRow<O[D]>> }
        : never;
      readonly files?: Readonly<Record<string, string | Uint8Array>>;
    };

/** The same for a step by its name, with the types of the template. */
export type GivenOf<Name extends StepName> = Omit<Given<Partial<InputOf<Name>>>, 'upstream' | 'step'> & {
  readonly upstream?: UpstreamOf<Name>;
};

/** A line that the step logged. */
export interface LogEntry {
  readonly level: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  readonly message: string;
  readonly [field: string]: Json;
}

/** Traces of an attempt, whether it succeeded or not. */
export interface Traces {
  /** Without secrets, as they are written. */
  readonly logs: readonly LogEntry[];
  readonly progress: readonly {
    readonly done: number;
    readonly total: number | null;
    readonly message: string | null;
  }[];
  /** States given to `yieldIfDue`, which ends no test: test a continued step by `checkpoint`. */
  readonly yields: readonly unknown[];
  /** Keys of `step.once` whose effect ran. */
  readonly once: readonly string[];
}

/** A successful attempt: what it committed, read back from the store. */
export interface StepRun<Result = Json, Outputs = Record<string, unknown>> extends Traces {
  readonly result: Result;
  /** Names of the datasets. */
  readonly datasets: readonly string[];
  readonly files: Readonly<Record<string, Buffer>>;
  /** The watermarks that the handler set. */
  readonly watermarks: Readonly<Record<string, Json>>;
  /** Rows of a dataset, as a step below reads them. */
  rows<D extends keyof Outputs & string>(dataset: D): readonly ReadRow<Outputs[D]>[];
  /** Columns of a dataset with their types. */
  columns(dataset: keyof Outputs & string): Columns;
}

/** A failed attempt. */
export interface StepFailure extends Traces {
  /** The error that the handler threw, or a check of its output. */
  readonly error: Error;
  /** The name that retriers and alarms see. */
  readonly name: string;
  /** The text that people see, without secrets. */
  readonly message: string;
  /** True if the step would have another attempt. */
  readonly isRetried: boolean;
  /** Seconds that a RetryableError asks for; null if it asks for none. */
  readonly retryAfter: number | null;
}
