import { createRequire } from 'node:module';

/** What `@duckdb/node-api` exports. */
export type DuckDB = typeof import('@duckdb/node-api');

/**
 * DuckDB's driver, loaded at the first call: 65 ms and 25 MB that a step without datasets never pays. By `require`, since that alone finds
 * the module in a Lambda layer (`NODE_PATH`), and bundlers leave it where it is.
 */
export const loadDuckDB = (): DuckDB => createRequire(import.meta.url)('@duckdb/node-api') as DuckDB;
