/** Writes datasets as NDJSON in the form that JavaScript reads fastest: decimals as JSON numbers (text would cost half as much again), moments as text. */
import { loadDuckDB } from '../../../lib/duckdb/load-duckdb.ts';

/** The argument as JSON: files by "step.dataset", and the folder of the NDJSON. */
export type WriteNdjsonJob = readonly {
  readonly dataset: string;
  readonly files: readonly string[];
  readonly to: string;
}[];

const columns: Readonly<Record<string, string>> = {
  'extract_orders.orders': `* REPLACE (strftime(order_date, '%Y-%m-%dT%H:%M:%S.%gZ') AS order_date)`,
  'extract_users.users': `* REPLACE (strftime(created_at, '%Y-%m-%dT%H:%M:%S.%gZ') AS created_at)`,
};

const instance = await loadDuckDB().DuckDBInstance.create(':memory:');
const connection = await instance.connect();
for (const { dataset, files, to } of JSON.parse(process.argv[2] ?? '') as WriteNdjsonJob) {
  const list = files.map((file) => `'${file}'`).join(', ');
  await connection.run(
    `COPY (SELECT ${columns[dataset] ?? '*'} FROM read_parquet([${list}])) TO '${to}' (FORMAT json)`,
  );
}
