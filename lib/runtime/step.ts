/** The step that a handler sees: the whole API of a person who writes steps. */
import type { Json, JsonObject } from '../contract/json.ts';
import type { GivenColumns } from '../data/encode/columns-encoder.ts';
import type { ColumnBatch } from '../data/read/vectors/chunk-decoder.ts';
import type { FetchInit } from './fetch/fetch-over-http.ts';
import type { Logger } from './logger.ts';

/** Facts about the run that a step works for. */
export interface RunFacts {
  readonly pipeline: string;
  readonly run_id: string;
  /** Execution number inside the run, from 1. */
  readonly execution: number;
  readonly started_at: string;
  readonly scheduled_time: string | null;
  /** Of a pipeline with `partition`: the piece of time on which the run works. Absent for every other one. */
  readonly partition?: StepPartition;
  /** The execution in which this step was asked for: the run's first, or the last one that named the step with `--from`. */
  readonly requested: number;
  /**
   * Of a pipeline whose runs take turns (`overlap`): whose turns these are, the number of this execution's turn, and that of the turn in which the step was asked for. Later ones are greater. Null
   * where runs overlap.
   */
  readonly turn: { readonly key: string; readonly number: number; readonly requested: number } | null;
  /** Of a run that a person made out of the run `of`: with `sends` false, `step.once` and the sinks refuse, and so should a handler that sends in another way. Absent for every other run. */
  readonly trial?: { readonly of: string | null; readonly sends: boolean };
}

/** A piece of time: from `start` on, and before `end`. Both are moments in UTC, such as `2026-11-28T23:00:00Z`; the name is that of the template's zone, such as `2026-11-29`. */
interface StepPartition {
  readonly name: string;
  readonly start: string;
  readonly end: string;
}

/** A dataset being written. Rows become visible, all together, when the step has succeeded. */
export interface StepWriter {
  append(rows: readonly object[]): Promise<void>;
  /** Appends equally many values of each column: arrays, typed arrays, or columns as `step.columns` gives them. Faster than rows. */
  appendColumns(columns: GivenColumns): Promise<void>;
  /**
   * Appends CSV as PostgreSQL's COPY writes it: whole rows, all columns in their order, no header; an empty field without quotes is null. The fastest way. A field that does not fit
   * may be found later, but before the step succeeds. Pass `rows` if you know the count: then no one counts them.
   * `isExact` says that the source's types guarantee the form of its fields, and spares most of the checking.
   */
  appendCsv(bytes: Uint8Array, rows?: number, options?: { readonly isExact?: boolean }): Promise<void>;
  readonly rowCount: number;
}

/**
 * A query over upstream datasets. It runs when it is iterated (rows in batches, of which only the one in use is in memory), awaited (all rows, all of them in memory), or given to
 * `step.write` (none of them in JavaScript).
 */
export interface StepQuery<T = Record<string, unknown>> extends AsyncIterable<T[]>, PromiseLike<T[]> {}

/** A value for a `$name` in a query. */
export type SqlValue = string | number | bigint | boolean | null | Date | readonly SqlValue[];

/** Column name to column type, in order. */
export type Columns = Readonly<Record<string, string>>;

/** Rows one by one, or in batches. */
export type Rows = Iterable<object | readonly object[]> | AsyncIterable<object | readonly object[]>;

/** A checkpoint whose form the author does not declare. */
// biome-ignore lint/suspicious/noExplicitAny: it is the author's own value, and without a declaration nobody can check what is read of it
export type AnyCheckpoint = any;

export interface Step<Input = JsonObject, Config = JsonObject, Checkpoint = AnyCheckpoint> {
  /** The execution's input, validated and with its defaults. */
  readonly input: Input;
  /** The template's `handler.initialization`. */
  readonly config: Config;
  readonly run: RunFacts;
  /** The partition on which the run works. A PermanentError in a pipeline without `partition`. */
  readonly partition: StepPartition;
  /** The step's name in the template. */
  readonly name: string;
  /** From 1. */
  readonly attempt: number;
  /** True if an error of the step in this attempt would not be retried. The attempt's number does not show this, because time-outs and faults of the platform have their own counts. */
  readonly isLastAttempt: boolean;
  /** Fires shortly before the step's time-out. */
  readonly signal: AbortSignal;
  readonly log: Logger;

  /** Result of a dependency; undefined when it has none, which only a `trigger_rule` other than the default lets happen. */
  result<T = Json | undefined>(step: string): T;
  /** Rows of a dependency's dataset, `'step.dataset'`, in batches. Each iteration reads them from the beginning. */
  rows<T = Record<string, unknown>>(dataset: string, options?: { readonly batchSize?: number }): AsyncIterable<T[]>;
  /** A dependency's dataset, `'step.dataset'`, column by column in batches of at most 2,048 rows: faster than rows. */
  columns(dataset: string): AsyncIterable<ColumnBatch>;
  /**
   * A query (DuckDB's SQL) over the dependencies' datasets, the tables `"step"."dataset"`. `$name` stands for a parameter. The query fetches and checks its data when it
   * runs. Datasets that the step has written by queries can be read as well, as `"own step"."dataset"`. Errors call the query by its `name`.
   * With `finite`, NaN or an infinity in a DOUBLE column of the result, as a division by zero gives, is a ValidationError.
   */
  sql<T = Record<string, unknown>>(
    text: string,
    parameters?: Readonly<Record<string, SqlValue>>,
    options?: { readonly name?: string; readonly finite?: boolean },
  ): StepQuery<T>;
  /** A file of a dependency. */
  readFile(step: string, name: string): Promise<Buffer>;
  /** Bytes of an object below `sources/`, or null when there is none. */
  object(key: string): Promise<AsyncIterable<Uint8Array> | null>;
  /** Objects below `sources/` whose keys begin with `prefix`, in the order of their keys, which `object` takes. */
  objects(prefix: string): AsyncIterable<{ readonly key: string; readonly bytes: number }>;

  /** Begins a dataset. */
  writer(name: string, options: { readonly columns: Columns }): StepWriter;
  /** Writes a whole dataset and returns its number of rows. A query's columns are its own, unless `columns` names those that it has to have. */
  write(name: string, query: StepQuery<unknown>, options?: { readonly columns?: Columns }): Promise<number>;
  write(name: string, rows: Rows, options: { readonly columns: Columns }): Promise<number>;
  /** Writes a file beside the datasets; it becomes visible with them. A stream is written as it comes. */
  file(
    name: string,
    content: string | Uint8Array | AsyncIterable<Uint8Array>,
    options?: { readonly contentType?: string },
  ): Promise<void>;

  /**
   * Keeps the result of a check that the template cannot say: in the manifest, in `status`, as the event `data.check_failed` when it is violated. A violation throws a ValidationError,
   * so that the step fails for good and its data is not visible, unless `onViolation` is `warn`. After a yield only the checks of the last invocation are kept.
   */
  check(name: string, passed: boolean, facts?: CheckFacts): Promise<void>;
  /**
   * The place to which this step has come in a source, by name. A run reads the value of the published version, and what it sets counts from its publish on: a run that fails moves nothing.
   * An error unless a published dataset is made of what this step makes. After a yield only what the last invocation asked for and set is kept.
   */
  watermark(name: string): Promise<Watermark>;
  /**
   * Runs `fn` unless it has been done under this key before in this run; true when it ran now. For effects that a retry must not repeat: only a crash between the effect and its
   * marker does so.
   */
  once(key: string, fn: () => unknown): Promise<boolean>;
  /** The value of a secret that the template declares for this step. It is kept out of logs and errors. */
  secret(name: string): Promise<string>;
  /**
   * Sends a request and returns an answer below 400. Broken connections, bodies that break off, 408, 425, 429, 5xx and other answers that ask for a rest throw RetryableError (with `retryAfter`),
   * other 4xx PermanentError. Redirects stay in the address's own origin, unless `allowedOrigins` names others, and never turn a POST into a GET.
   */
  fetch(url: string | URL, init?: FetchInit): Promise<Response>;
  /** The state given to the last `yieldIfDue` that took effect, in an earlier invocation or attempt; undefined at the beginning. */
  readonly checkpoint: Checkpoint | undefined;
  /**
   * Call it between pieces of work. Shortly before the function's time is over it stores what is written so far and `state` (small: a cursor), and throws to end the handler, which
   * then begins again in a fresh invocation with `checkpoint`; before that it does nothing. Only steps with a `timeout` beyond 15 minutes ever yield.
   */
  yieldIfDue(state: Checkpoint): Promise<void>;
  /** Reports the step's progress; written at most every few seconds. */
  progress(done: number, total?: number | null, message?: string): Promise<void>;
}

/** The place to which a step has come in a source. */
export interface Watermark {
  /** The value that the current version has; null at the beginning. The same in all attempts and executions of a run. */
  readonly value: Json | null;
  /** Sets the value that the runs after this one read, once the run has published. JSON, at most 1 KiB; the last call counts. */
  set(next: Json): void;
}

/** The facts of a check in code, for people. Texts are cut at 300 characters. */
export interface CheckFacts {
  /** Name of the dataset that it is about. */
  readonly dataset?: string;
  /** The finding, such as `12 orders without a customer`. */
  readonly measured?: string | number | bigint;
  /** The rule in words, such as `at most 10`. */
  readonly allowed?: string;
  /** `block` by default. */
  readonly onViolation?: 'block' | 'warn';
}

/** A step handler; what it returns is the step's result: JSON, at most 64 KiB. */
export type StepFunction<Input = JsonObject, Config = JsonObject, Checkpoint = AnyCheckpoint> = (
  step: Step<Input, Config, Checkpoint>,
) => unknown;
