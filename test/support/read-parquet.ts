import { DuckDBInstance } from '@duckdb/node-api';

/** The rows of a Parquet file, read by a DuckDB without any code of this package. Values are as DuckDB writes them in JSON. */
export async function readParquet(path: string): Promise<Record<string, unknown>[]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    return (await connection.runAndReadAll('SELECT * FROM read_parquet($path)', { path })).getRowObjectsJson();
  } finally {
    connection.closeSync();
  }
}
