/** The types that `daybreak types` fills: it merges its declarations of a project's pipelines into the two interfaces below. */
import type { Json } from '../contract/json.ts';
import type { Columns } from './step.ts';

/** The input of each pipeline, by its name. */
// biome-ignore lint/suspicious/noEmptyInterface: the declarations of a project fill it
export interface PipelineInputs {}

/** The facts about each step, by `pipeline.step`: a `StepType`. */
// biome-ignore lint/suspicious/noEmptyInterface: the declarations of a project fill it
export interface PipelineSteps {}

/** Names of steps, `pipeline.step`; any text in a project without generated types. */
export type StepName = keyof PipelineSteps extends never ? string : keyof PipelineSteps & string;

/** The form of each entry of `PipelineSteps`. */
export interface StepType {
  readonly input: unknown;
  readonly config: unknown;
  readonly result: unknown;
  /** By name, each a `Dataset`. */
  readonly outputs: object;
  /** The dependencies, each with its own `StepType`. */
  readonly upstream: object;
}

/** A dependency that may end without a result: the trigger rule of the step below it is not `all_success`. */
export type MayBeMissing<Step extends { readonly result: unknown; readonly outputs: object }> = {
  readonly result: Step['result'] | undefined;
  readonly outputs: Step['outputs'];
};

/** A dataset: its columns, or null if only a run knows them. */
export interface Dataset<C = null> {
  readonly columns: C;
}

/** A column of lists. */
export interface ListColumn<Element> {
  readonly element: Element;
}

/** A column of structs; `Text` is its type as it is written. */
export interface StructColumn<Text extends string, Fields> {
  readonly text: Text;
  readonly fields: Fields;
}

/** The type of a column as it is written: `VARCHAR`, `DECIMAL(18,2)[]`. */
export type ColumnText<C> =
  C extends ListColumn<infer E> ? `${ColumnText<E>}[]` : C extends StructColumn<infer T, unknown> ? T : C & string;

/** A value of a column as `step.rows` gives it. Every value may be null. */
export type ReadValue<C> =
  | null
  | (C extends 'BIGINT'
      ? number | bigint
      : C extends 'INTEGER' | 'DOUBLE'
        ? number
        : C extends 'BOOLEAN'
          ? boolean
          : C extends ListColumn<infer E>
            ? ReadValue<E>[]
            : C extends StructColumn<string, infer F>
              ? { -readonly [Name in keyof F]: ReadValue<F[Name]> }
              : string);

/** A value that a writer takes for a column. */
export type WriteValue<C> =
  | null
  | undefined
  | (C extends 'BIGINT'
      ? number | bigint | string
      : C extends 'INTEGER' | 'DOUBLE'
        ? number | bigint
        : C extends 'BOOLEAN'
          ? boolean
          : C extends 'TIMESTAMP'
            ? string | Date
            : C extends `DECIMAL(${string})`
              ? string | number | bigint
              : C extends ListColumn<infer E>
                ? readonly WriteValue<E>[]
                : C extends StructColumn<string, infer F>
                  ? { readonly [Name in keyof F]?: WriteValue<F[Name]> }
                  : string);

/** A row of a dataset as it is read. */
export type ReadRow<D> =
  D extends Dataset<infer C>
    ? C extends null
      ? Record<string, unknown>
      : { -readonly [Name in keyof C]: ReadValue<C[Name]> }
    : Record<string, unknown>;

/** A row of a dataset as it is written: a column that is left out is null. */
export type WriteRow<D> =
  D extends Dataset<infer C>
    ? C extends null
      ? object
      : { readonly [Name in keyof C]?: WriteValue<C[Name]> }
    : object;

/** The columns that a writer of a dataset declares. */
export type WriteColumns<D> =
  D extends Dataset<infer C>
    ? C extends null
      ? Columns
      : { readonly [Name in keyof C]: ColumnText<C[Name]> }
    : Columns;

type IsAny<T> = 0 extends 1 & T ? true : false;

/** A value after its way through JSON: moments are texts, and what is undefined is left out. */
export type AsJson<T> = T extends string | number | boolean | null
  ? T
  : T extends { toJSON(): infer J }
    ? AsJson<J>
    : T extends readonly unknown[]
      ? { -readonly [Index in keyof T]: T[Index] extends undefined ? null : AsJson<T[Index]> }
      : T extends object
        ? { -readonly [Name in keyof T]: AsJson<T[Name]> }
        : T;

/** The result of a step by the type of its handler: of the export `Name` of a module. `Declared` is used where the handler does not tell. */
export type ResultOf<Module, Name extends string, Declared = Json> = Name extends keyof Module
  ? Module[Name] extends { readonly stepFunction: (...args: never[]) => infer R }
    ? ResultOr<Awaited<R>, Declared>
    : Declared
  : Declared;

type ResultOr<R, Declared> =
  IsAny<R> extends true ? Declared : unknown extends R ? Declared : R extends void ? null : AsJson<R>;
