import type { DuckDBConnection, DuckDBInstance, DuckDBResultReader } from '@duckdb/node-api';
import { loadDuckDB } from '../../lib/duckdb/load-duckdb.ts';
import { type StepQuery, sqlStepOf } from '../support/sql-steps.ts';

type Row = Record<string, unknown>;

/** The output of an `sql` step. */
export interface Answer {
  readonly result: Row;
  readonly datasets: Record<string, Row[]>;
  readonly columns: Record<string, Record<string, string>>;
}

/** The `sql` steps of a template on a bare DuckDB, without the platform: tables in, tables out. */
export class PipelineQueries {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #template: string;

  private constructor(template: string, instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#template = template;
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(template: string): Promise<PipelineQueries> {
    const instance = await loadDuckDB().DuckDBInstance.create(':memory:', { threads: '1' });
    return new PipelineQueries(template, instance, await instance.connect());
  }

  close(): void {
    this.#connection.disconnectSync();
    this.#instance.closeSync();
  }

  /** Makes the table "step"."dataset" from rows as a store holds them; replaces an existing one. */
  async define(dataset: string, columns: Readonly<Record<string, string>>, rows: readonly unknown[]): Promise<void> {
    const fields = Object.entries(columns).map(([name, type]) => `"${name}" ${type}`);
    const text = `SELECT unnest(CAST(CAST($rows AS JSON) AS STRUCT(${fields.join(', ')})[]), max_depth := 2)`;
    await this.#create(dataset, { text, values: { rows: JSON.stringify(rows) } });
  }

  /** Runs a step of the template; its datasets stay as tables. `result` has the results of its dependencies, `partition` the bounds of the run's partition. */
  async run(
    name: string,
    input: object,
    result: Readonly<Record<string, object>> = {},
    partition?: { readonly start: string; readonly end: string },
  ): Promise<Answer> {
    const step = await sqlStepOf(this.#template, name, { input, result, partition });
    const answer: Answer = { result: {}, datasets: {}, columns: {} };
    for (const [dataset, query] of Object.entries(step.datasets)) {
      await this.#create(`${name}.${dataset}`, query);
      const made = await this.#connection.runAndReadAll(`FROM "${name}"."${dataset}"`);
      answer.datasets[dataset] = plainRows(made);
      answer.columns[dataset] = Object.fromEntries(
        made.columnNames().map((column, at) => [column, String(made.columnType(at))]),
      );
    }
    const { text, values } = step.result;
    const [only] = plainRows(await this.#connection.runAndReadAll(text, { ...values }));
    return { ...answer, result: only ?? {} };
  }

  async #create(dataset: string, { text, values }: StepQuery): Promise<void> {
    const [step = '', name = ''] = dataset.split('.');
    await this.#connection.run(`CREATE SCHEMA IF NOT EXISTS "${step}"`);
    await this.#connection.run(`CREATE OR REPLACE TABLE "${step}"."${name}" AS ${text}`, { ...values });
  }
}

/** Rows as a store returns them: whole numbers as numbers, decimals and days as text. */
const plainRows = (reader: DuckDBResultReader): Row[] => {
  const whole = reader.columnNames().filter((_, at) => String(reader.columnType(at)) === 'BIGINT');
  return reader.getRowObjectsJson().map((row) => ({
    ...row,
    ...Object.fromEntries(whole.map((name) => [name, row[name] === null ? null : Number(row[name])])),
  }));
};
