import { ValidationError } from '../contract/errors.ts';
import type { JsonObject } from '../contract/json.ts';
import type { DatasetSql, SqlQueries, SqlText } from '../contract/sql-queries.ts';
import { scanSql } from '../duckdb/scan-sql.ts';
import { type SqlConfig, type SqlValue, sqlParameters } from './sql-parameters.ts';
import type { Step, StepFunction } from './step.ts';

/** The step function of an SQL step: writes one dataset after the other, each what its query makes, and answers with row counts or with the row of the query `result`. */
export const runSql =
  ({ form, datasets, result }: SqlQueries): StepFunction<JsonObject, SqlConfig> =>
  async (step) => {
    const values = await sqlParameters(step);
    const rowCounts: Record<string, number> = {};
    for (const dataset of datasets) {
      rowCounts[dataset.name] = await querying(step).write(dataset.name, queryOf(step, dataset, values));
    }
    if (result) return theRow(queryOf(step, result, values), nameOf(step, result));
    return form === 'one' ? { row_count: Object.values(rowCounts)[0] ?? 0 } : { row_counts: rowCounts };
  };

type SqlStep = Step<JsonObject, SqlConfig>;

interface Querying {
  sql(text: string, params: object, options: { readonly name: string }): AsyncIterable<object[]>;
  write(name: string, query: AsyncIterable<object[]>): Promise<number>;
}

const querying = (step: SqlStep): Querying => step as unknown as Querying;

const queryOf = (step: SqlStep, query: SqlText, values: ReadonlyMap<string, SqlValue>): AsyncIterable<object[]> =>
  querying(step).sql(query.text, parametersOf(query.text, values), { name: nameOf(step, query) });

/** What errors call a query. */
const nameOf = (step: SqlStep, query: SqlText | DatasetSql): string =>
  `${query.file ?? ('name' in query ? query.name : 'result')} (step ${step.name})`;

/** Each query gets those parameters that it names. */
const parametersOf = (text: string, values: ReadonlyMap<string, SqlValue>): Record<string, SqlValue> => {
  const used = new Set(scanSql(text).parameters.map(({ name }) => name.toLowerCase()));
  return Object.fromEntries([...values].filter(([name]) => used.has(name.toLowerCase())));
};

/** The only row of a result. */
const theRow = async (query: AsyncIterable<object[]>, name: string): Promise<object> => {
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

/** JSON has no numbers of 64 bits: those that it would change are text, as they are for handlers. */
const readable = (row: object): object =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, typeof value === 'bigint' ? String(value) : value]),
  );
