import type { DuckDBDataChunk } from '@duckdb/node-api';
import { PermanentError } from '../contract/errors.ts';
import { type Column, renderColumnType } from '../data/column-type.ts';
import { storedColumns } from '../data/stored-type.ts';
import { bindParameters } from './bind-parameters.ts';
import type { GuardedSql } from './guard-sql.ts';
import { quoteName, quoteText } from './quote.ts';
import type { Running, Session } from './session.ts';

/** A user's query with its parameters bound, and the columns that its result has as a dataset. Nothing of it has run yet; it can run more than once. */
export class Query {
  readonly #session: Session;
  readonly #running: Running;
  readonly #sql: string;
  readonly name: string;
  /** By the types that they are stored as. */
  readonly columns: readonly Column[];

  constructor(
    session: Session,
    sql: string,
    columns: readonly Column[],
    running: Running & { readonly source: GuardedSql },
  ) {
    this.#session = session;
    this.name = running.source.name;
    this.columns = columns;
    this.#sql = sql;
    this.#running = running;
  }

  /** The result's chunks as they come, each column of its stored type. */
  stream(): AsyncGenerator<DuckDBDataChunk, void, void> {
    return this.#session.stream(this.#sql, this.#running);
  }

  /** Writes the result to a file or folder below the session's folder; `options` are those of COPY, such as `FORMAT parquet, COMPRESSION zstd`. */
  copyTo(path: string, options: string): Promise<void> {
    return this.#session.run(`COPY (${this.#sql}\n) TO ${quoteText(path)} (${options})`, this.#running);
  }
}

/** Session.query() calls this: binds the parameters and asks DuckDB for the columns. Throws a PermanentError for what no dataset can hold. */
export const prepareQuery = async (
  session: Session,
  sql: GuardedSql,
  values: Readonly<Record<string, unknown>>,
): Promise<Query> => {
  const running = { ...bindParameters(sql, values), source: sql };
  // On a line of its own: a comment may end the text, and columns of errors stay what they are.
  const rows = await session.all(`DESCRIBE\n${sql.text}`, running);
  const described = rows.map((row) => ({ name: String(row.column_name), type: String(row.column_type) }));
  const { columns, problems } = storedColumns(described);
  if (problems.length > 0) {
    throw new PermanentError(`the query "${sql.name}":${problems.map((each) => `\n- ${each}`).join('')}`);
  }
  const casts = columns
    .map(({ name, type }, i) => ({ name, from: described[i]?.type, to: renderColumnType(type) }))
    .filter(({ from, to }) => from !== to)
    .map(({ name, to }) => `CAST(${quoteName(name)} AS ${to}) AS ${quoteName(name)}`);
  const made = casts.length === 0 ? sql.text : `SELECT * REPLACE (${casts.join(', ')}) FROM (\n${sql.text}\n)`;
  return new Query(session, made, columns, running);
};
