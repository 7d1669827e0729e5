/** The columns that the columns of a query's result come from, as the compiler finds them in the query's parse tree. */

/** The value is made of the input: unchanged, by an expression, or by an aggregate. The words are OpenLineage's. */
export const directKinds = ['identity', 'transformation', 'aggregation'] as const;
/** The input decides which value or row stands there, and is no part of the value. */
export const indirectKinds = ['conditional', 'window', 'join', 'filter', 'group_by', 'sort'] as const;

export type DirectKind = (typeof directKinds)[number];
export type IndirectKind = (typeof indirectKinds)[number];
export type LineageKind = DirectKind | IndirectKind;

/** A column of a dataset, and the ways in which it matters. */
export interface LineageInput {
  readonly step: string;
  readonly dataset: string;
  /** Null: no column, only which rows there are, as for `count(*)`. */
  readonly column: string | null;
  /** Direct kinds first; each once. */
  readonly kinds: readonly LineageKind[];
}

interface ColumnLineage {
  readonly name: string;
  readonly inputs: readonly LineageInput[];
  /** The reason why inputs may be missing; absent when none is. */
  readonly unknown?: string;
}

/** The lineage of one query. If an input's values change, only columns can change that name the input, or all of them if `rows` names it. */
export interface QueryLineage {
  /** In the order of the result; empty if the whole lineage is unknown. */
  readonly columns: readonly ColumnLineage[];
  /** Inputs that decide which rows there are, and in which order: they matter for every column. All kinds are indirect. */
  readonly rows: readonly LineageInput[];
  /** The datasets that the query names. */
  readonly reads: readonly { readonly step: string; readonly dataset: string }[];
  /** The reason why `rows`, or everything, may be incomplete. */
  readonly unknown?: string;
}
