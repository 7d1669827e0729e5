import type { SqlQueries } from '../contract/sql-queries.ts';
import { runSql } from './attempt/run-sql.ts';
import { defineStep, type StepHandler } from './define-step.ts';

/** Makes a step out of the queries of a template, as `defineStep` does out of a function. */
export function defineSqlStep(queries: SqlQueries): StepHandler {
  return defineStep(runSql(queries));
}
