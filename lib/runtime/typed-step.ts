import type { Json, JsonObject } from '../contract/json.ts';
import type { GivenColumns } from '../data/encode/columns-encoder.ts';
import type { ColumnBatch } from '../data/read/vectors/chunk-decoder.ts';
import type { PipelineSteps, ReadRow, StepName, WriteColumns, WriteRow } from './pipeline-types.ts';
import type { AnyCheckpoint, Step, StepQuery, StepWriter } from './step.ts';

/** A part of what is known of a step; `Otherwise` in a project without generated types. */
type Known<Name extends StepName, Part extends string, Otherwise> = Name extends keyof PipelineSteps
  ? Part extends keyof PipelineSteps[Name]
    ? PipelineSteps[Name][Part]
    : Otherwise
  : Otherwise;

type Upstream<Name extends StepName> = Known<Name, 'upstream', Record<string, Untyped>>;
type Outputs<Name extends StepName> = Known<Name, 'outputs', Record<string, unknown>>;

/** A dependency of which nothing is known. */
interface Untyped {
  readonly result: Json | undefined;
  readonly outputs: Record<string, unknown>;
}

type OutputsOf<S> = S extends { readonly outputs: infer O } ? O : never;

/** `step.dataset` of the datasets of each dependency. */
type DatasetsIn<U> = { [S in keyof U & string]: `${S}.${keyof OutputsOf<U[S]> & string}` };

type DatasetAt<U, D> = D extends `${infer S}.${infer Name}`
  ? S extends keyof U
    ? Name extends keyof OutputsOf<U[S]>
      ? OutputsOf<U[S]>[Name]
      : unknown
    : unknown
  : unknown;

/** A dataset being written, with its rows. */
export interface TypedWriter<Row> extends Omit<StepWriter, 'append' | 'appendColumns'> {
  append(rows: readonly Row[]): Promise<void>;
  appendColumns(columns: { readonly [Name in keyof Row]?: GivenColumns[string] }): Promise<void>;
}

type RowsOf<Row> = Iterable<Row | readonly Row[]> | AsyncIterable<Row | readonly Row[]>;

/** The members of a step that the generated types make narrower. Their constraints are written out: an error then lists the names, not an alias. */
type Narrowed = 'result' | 'rows' | 'columns' | 'readFile' | 'writer' | 'write';

/**
 * The step of the template that `Name` names, as its handler sees it: `StepOf<'orders.extract'>`. Input, configuration, dependencies, datasets and columns have the types that `daybreak types`
 * took from the template. Several names are a union; then only what all of these steps have may be used.
 */
export interface StepOf<Name extends StepName, Checkpoint = AnyCheckpoint>
  extends Omit<Step<Known<Name, 'input', JsonObject>, Known<Name, 'config', JsonObject>, Checkpoint>, Narrowed> {
  result<S extends keyof Upstream<Name> & string>(
    step: S,
  ): Upstream<Name>[S] extends { readonly result: infer R } ? R : never;
  rows<D extends DatasetsIn<Upstream<Name>>[keyof Upstream<Name> & string]>(
    dataset: D,
    options?: { readonly batchSize?: number },
  ): AsyncIterable<ReadRow<DatasetAt<Upstream<Name>, D>>[]>;
  columns(dataset: DatasetsIn<Upstream<Name>>[keyof Upstream<Name> & string]): AsyncIterable<ColumnBatch>;
  readFile(step: keyof Upstream<Name> & string, name: string): Promise<Buffer>;
  writer<D extends keyof Outputs<Name> & string>(
    name: D,
    options: { readonly columns: WriteColumns<Outputs<Name>[D]> },
  ): TypedWriter<WriteRow<Outputs<Name>[D]>>;
  write<D extends keyof Outputs<Name> & string>(
    name: D,
    query: StepQuery<unknown>,
    options?: { readonly columns?: WriteColumns<Outputs<Name>[D]> },
  ): Promise<number>;
  write<D extends keyof Outputs<Name> & string>(
    name: D,
    rows: RowsOf<WriteRow<Outputs<Name>[D]>>,
    options: { readonly columns: WriteColumns<Outputs<Name>[D]> },
  ): Promise<number>;
}

/** The input and the configuration of a step by its name. */
export type InputOf<Name extends StepName> = Known<Name, 'input', JsonObject>;
export type ConfigOf<Name extends StepName> = Known<Name, 'config', JsonObject>;
