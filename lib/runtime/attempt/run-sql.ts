import { ValidationError } from '../../contract/errors.ts';
import type { JsonObject } from '../../contract/json.ts';
import type { DatasetSql, SqlQueries, SqlText } from '../../contract/sql-queries.ts';
import { scanSql } from '../../duckdb/guard/scan-sql.ts';
import type { SqlValue, Step, StepFunction, StepQuery } from '../step.ts';
import { type ParameterValue, type SqlConfig, sqlParameters } from './sql-parameters.ts';

/** The step function of an SQL step: writes one dataset after the other, each what its query makes, and answers with row counts or with the row of the query `result`. */
export function runSql({ form, datasets, result, finite = false }: SqlQueries): StepFunction<JsonObject, SqlConfig> {
  return async (step) => {
    const values = await sqlParameters(step);
    const rowCounts: Record<string, number> = {};
    for (const dataset of datasets) {
      rowCounts[dataset.name] = await step.write(dataset.name, queryOf(step, dataset, { values, finite }));
    }
    if (result) return theRow(queryOf(step, result, { values, finite }), nameOf(step, result));
    return form === 'one' ? { row_count: Object.values(rowCounts)[0] ?? 0 } : { row_counts: rowCounts };
  };
}

type SqlStep = Step<JsonObject, SqlConfig>;

interface QueryOptions {
  readonly values: ReadonlyMap<string, ParameterValue>;
  readonly finite: boolean;
}

const queryOf = (step: SqlStep, query: SqlText, { values, finite }: QueryOptions): StepQuery => {
  // The types of handlers have no value that makes a whole number a DOUBLE, but the engine accepts one from here.
  const parameters = parametersOf(query.text, values) as Readonly<Record<string, SqlValue>>;
  return step.sql(query.text, parameters, { name: nameOf(step, query), finite });
};

/** The name of a query in errors. */
const nameOf = (step: SqlStep, query: SqlText | DatasetSql): string =>
  `${query.file ?? ('name' in query ? query.name : 'result')} (step ${step.name})`;

/** Each query gets those parameters that it names. */
const parametersOf = (text: string, values: ReadonlyMap<string, ParameterValue>): object => {
  const used = new Set(scanSql(text).parameters.map(({ name }) => name.toLowerCase()));
  return Object.fromEntries([...values].filter(([name]) => used.has(name.toLowerCase())));
};

/** The only row of a result. */
const theRow = async (query: StepQuery, name: string): Promise<unknown> => {
  const rows: object[] = [];
  for await (const batch of query) {
    rows.push(...batch);
    if (rows.length > 1) break;
  }
  const [row] = rows;
  if (row && rows.length === 1) return readable(row);
  throw new ValidationError(
    `the result of a step is one row, but the query "${name}" gives ${row ? 'several' : 'none'}`,
  );
};

/** JSON has no numbers of 64 bits: those that it would change are text. */
const readable = (value: unknown): unknown => {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readable(item)]));
};
