import type { DuckDBDataChunk } from '@duckdb/node-api';
import { type Column, renderColumnType } from '../columns/column-type.ts';
import { storedColumns } from '../columns/stored-type.ts';
import { PermanentError, PlatformError } from '../contract/errors.ts';
import { bindParameters } from './bind-parameters.ts';
import { editedText } from './edited-text.ts';
import { endMark, takeEndMark } from './end-mark.ts';
import type { GuardedSql } from './guard/guard-sql.ts';
import type { SqlSource } from './limits/engine-error.ts';
import { quoteName, quoteText } from './quote.ts';
import type { Running, Statements } from './statements.ts';
import { zonedCasts } from './zoned-casts.ts';

/** A user's query with its parameters bound, and the columns of its result as a dataset. It has not run yet, and it can run more than once. */
export class Query {
  readonly #session: Statements;
  readonly #running: Running;
  readonly #sql: string;
  readonly name: string;
  /** The columns by their stored types. */
  readonly columns: readonly Column[];

  constructor(
    session: Statements,
    sql: string,
    columns: readonly Column[],
    running: Running & { readonly source: SqlSource },
  ) {
    this.#session = session;
    this.name = running.source.name;
    this.columns = columns;
    this.#sql = sql;
    this.#running = running;
  }

  /** Streams the result's chunks, each column in its stored type. One extra column of the engine follows them. */
  async *stream(): AsyncGenerator<DuckDBDataChunk, void, void> {
    const marked = `SELECT *, CAST(NULL AS BOOLEAN) AS ${endMark} FROM (\n${this.#sql}\n) UNION ALL BY NAME SELECT true AS ${endMark}`;
    let hasEnded = false;
    for await (const chunk of this.#session.stream(marked, this.#running)) {
      hasEnded = takeEndMark(chunk);
      if (chunk.rowCount > 0) yield chunk;
    }
    if (!hasEnded) await this.#failAgain();
  }

  /** Runs the query again to get its error. */
  async #failAgain(): Promise<never> {
    await this.#session.run(`EXPLAIN ANALYZE ${this.#sql}`, this.#running);
    throw new PlatformError(`the query "${this.name}" broke off, and would not do it again`);
  }

  /** Writes the result to a file or folder below the session's folder. `options` are options of COPY, such as `FORMAT parquet, COMPRESSION zstd`. */
  copyTo(path: string, options: string): Promise<void> {
    return this.#session.run(`COPY (${this.#sql}\n) TO ${quoteText(path)} (${options})`, this.#running);
  }
}

/** Session.query() calls this. It binds the parameters and asks DuckDB for the columns. Throws a PermanentError for a result that no dataset can hold. */
export async function prepareQuery(
  session: Statements,
  sql: GuardedSql,
  values: Readonly<Record<string, unknown>>,
): Promise<Query> {
  const running = { ...bindParameters(sql, values), source: sql };
  // The text is on its own lines: a comment may end it, and the columns of errors stay correct.
  const rows = await session.all(`DESCRIBE\n${sql.text}`, running);
  const described = rows.map((row) => ({ name: String(row.column_name), type: String(row.column_type) }));
  const { columns, problems } = storedColumns(described);
  if (problems.length > 0) {
    throw new PermanentError(`the query "${sql.name}":${problems.map((each) => `\n- ${each}`).join('')}`);
  }
  const casts = columns
    .map(({ name, type }, i) => ({ name, from: described[i]?.type, to: renderColumnType(type) }))
    .filter(({ from, to }) => from !== to || (sql.finite && to === 'DOUBLE'))
    .map(({ name, to }) => `${valueSql(quoteName(name), to, sql.finite)} AS ${quoteName(name)}`);
  const edits = await zonedCasts(session, sql.text);
  const text = editedText(sql.text, edits);
  const made = casts.length === 0 ? text : `SELECT * REPLACE (${casts.join(', ')}) FROM (\n${text}\n)`;
  return new Query(session, made, columns, { ...running, source: { ...sql, edits } });
}

/** SQL for a column's value in its stored type. */
function valueSql(column: string, type: string, finite = false): string {
  const value = `CAST(${column} AS ${type})`;
  if (!finite || type !== 'DOUBLE') return value;
  const shown = `CASE WHEN isnan(${column}) THEN 'NaN' WHEN ${column} > 0 THEN 'Infinity' ELSE '-Infinity' END`;
  const message = `'the column ' || ${quoteText(column)} || ' is ' || ${shown} || ', and the query asks for finite numbers; a division by zero gives it, and nullif(..., 0) avoids it'`;
  return `CASE WHEN ${column} IS NULL OR isfinite(${column}) THEN ${value} ELSE CAST(error(${message}) AS DOUBLE) END`;
}
