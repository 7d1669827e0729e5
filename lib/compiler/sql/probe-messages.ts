/** The messages between the compiler and the process that asks DuckDB. */
import type { DescribedColumn } from '../../columns/stored-type.ts';
import type { QueryLineage } from '../../contract/lineage/column-lineage.ts';
import type { ParsedQuery } from '../../duckdb/guard/read-sql.ts';
import type { LineageQuestion } from '../lineage/query-lineage.ts';

/** A table as a query sees it: "step"."dataset". */
export interface ProbeTable {
  readonly step: string;
  readonly dataset: string;
  /** Column name to column type. */
  readonly columns: Readonly<Record<string, string>>;
}

export interface ProbeParameter {
  /** Null: it is not known before a run. */
  readonly type: string | null;
  /** Undefined: it is not known before a run. */
  readonly value?: string | number | boolean | null;
  /** The JSON Schema format of the field of the input that it is; null without one. */
  readonly format?: string | null;
}

export interface DescribeQuestion {
  readonly text: string;
  readonly tables: readonly ProbeTable[];
  /** By name. */
  readonly parameters: Readonly<Record<string, ProbeParameter>>;
}

/** A mistake in a query, with its indices in the text if DuckDB gives them. */
export interface BindProblem {
  readonly kind: 'column' | 'other';
  readonly message: string;
  readonly start: number | null;
  readonly end: number | null;
}

/** The columns that a query gives; null where they depend on parameters whose types are not known. */
export interface Description {
  readonly problems: readonly BindProblem[];
  readonly columns: readonly DescribedColumn[] | null;
  /** The names of the columns; null if there is a problem, or DuckDB does not tell them before it knows a parameter. */
  readonly names: readonly string[] | null;
}

/** `tables`: those whose columns are known. */
export type DoubtQuestion = DescribeQuestion;

/** An expression that DuckDB computes without an error, but probably not as meant. */
export interface Doubt {
  readonly kind: 'cast' | 'division';
  readonly message: string;
  /** Index in the text. */
  readonly start: number;
}

export type ProbeQuestion =
  | { readonly id: number; readonly ask: 'read'; readonly text: string }
  | ({ readonly id: number; readonly ask: 'describe' } & DescribeQuestion)
  | ({ readonly id: number; readonly ask: 'doubts' } & DoubtQuestion)
  | ({ readonly id: number; readonly ask: 'lineage'; readonly text: string } & LineageQuestion);

export type ProbeAnswer =
  /** To no question: DuckDB is there. */
  | { readonly id: 0; readonly ready: true }
  | { readonly id: number; readonly parsed: ParsedQuery }
  | { readonly id: number; readonly description: Description }
  | { readonly id: number; readonly doubts: readonly Doubt[] }
  | { readonly id: number; readonly lineage: QueryLineage }
  /** DuckDB failed at the question. */
  | { readonly id: number; readonly stopped: string }
  /** The process ended without an answer: it was killed, or DuckDB crashed. */
  | { readonly id: number; readonly died: string }
  /** There is no DuckDB to ask. */
  | { readonly id: number; readonly unavailable: string };

/** The reason why there is no answer, as the end of a sentence. */
export interface Stopped {
  readonly stopped: string;
}
