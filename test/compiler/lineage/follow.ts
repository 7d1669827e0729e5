import type { DuckDBConnection } from '@duckdb/node-api';
import { queryLineage } from '../../../lib/compiler/lineage/query-lineage.ts';
import type { LineageInput, QueryLineage } from '../../../lib/contract/lineage/column-lineage.ts';
import { loadDuckDB } from '../../../lib/duckdb/load-duckdb.ts';

/** The tables of the tests: `s.a (id, x, y, l, r)` and `s.b (id, z, w)`. */
export const tables = [
  { step: 's', dataset: 'a', columns: ['id', 'x', 'y', 'l', 'r'] },
  { step: 's', dataset: 'b', columns: ['id', 'z', 'w'] },
];
const types: Readonly<Record<string, string>> = {
  id: 'INTEGER',
  x: 'INTEGER',
  y: 'INTEGER',
  l: 'INTEGER[]',
  r: 'STRUCT(p INTEGER, q INTEGER)',
  z: 'INTEGER',
  w: 'INTEGER',
};

/** A connection with these tables, empty. */
export async function connectWithTables(): Promise<DuckDBConnection> {
  const instance = await loadDuckDB().DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await connection.run('CREATE SCHEMA s');
  for (const { dataset, columns } of tables)
    await connection.run(`CREATE TABLE s.${dataset} (${columns.map((name) => `${name} ${types[name]}`).join(', ')})`);
  return connection;
}

let aggregates: ReadonlySet<string> | undefined;

async function aggregatesOf(connection: DuckDBConnection): Promise<ReadonlySet<string>> {
  const names = "SELECT DISTINCT function_name AS name FROM duckdb_functions() WHERE function_type = 'aggregate'";
  const found = await connection.runAndReadAll(names);
  return new Set(found.getRowObjectsJS().map(({ name }) => String(name)));
}

/** The lineage of a query, with the columns that DuckDB describes. */
export async function follow(connection: DuckDBConnection, text: string): Promise<QueryLineage> {
  const described = await connection.runAndReadAll(`DESCRIBE ${text}`);
  const result = described.getRowObjectsJS().map(({ column_name }) => String(column_name));
  const serialize = 'json_serialize_sql($text::VARCHAR, skip_null := true, skip_empty := true, skip_default := true)';
  const [tree] = (await connection.runAndReadAll(`SELECT ${serialize}::VARCHAR AS tree`, { text })).getRowObjectsJS();
  aggregates ??= await aggregatesOf(connection);
  const { statements } = JSON.parse(String(tree?.tree)) as { statements: { node: unknown }[] };
  return queryLineage(statements[0]?.node, { tables, result }, aggregates);
}

/** Inputs as `kind dataset.column`, sorted. */
export function written(inputs: readonly LineageInput[]): string {
  return inputs
    .flatMap(({ dataset, column, kinds }) => kinds.map((kind) => `${kind} ${dataset}.${column ?? '*'}`))
    .toSorted()
    .join(', ');
}
