import type { SqlQueries } from './sql-queries.ts';

/** The work of a step: the export of a handler's file (relative to the project's root, with forward slashes), or the queries of an SQL step. */
export type StepWork =
  | { readonly kind: 'handler'; readonly entry: string; readonly export: string }
  | { readonly kind: 'sql'; readonly queries: SqlQueries };
