import type { DuckDBDataChunk, DuckDBType, DuckDBValue, JS } from '@duckdb/node-api';
import type { Column } from '../columns/column-type.ts';
import type { SqlSource } from './limits/engine-error.ts';

/** A dataset in local files. */
export interface LocalDataset {
  readonly step: string;
  readonly dataset: string;
  /** Parquet files in the order of their rows, below the engine's folder. */
  readonly files: readonly string[];
  readonly columns: readonly Column[];
}

/** Values of `$name` parameters, and types where DuckDB cannot infer them from the values. */
export interface Parameters {
  readonly values: Readonly<Record<string, DuckDBValue>>;
  readonly types?: Readonly<Record<string, DuckDBType>>;
}

/** The settings of a statement besides its text. */
export interface Running extends Parameters {
  /** The user's query inside the SQL, which errors name. */
  readonly source?: SqlSource;
}

/** Runs Daybreak's SQL, never a user's. */
export interface Statements {
  /** Runs a statement to its end. */
  run(sql: string, running?: Running): Promise<void>;
  /** Returns all rows of a small result in the form of the driver's `getRowObjectsJS`: BIGINT and HUGEINT as bigint, DECIMAL as number. */
  all(sql: string, running?: Running): Promise<Record<string, JS>[]>;
  /** Streams the result's chunks. DuckDB works only a little ahead of the reader. */
  stream(sql: string, running?: Running): AsyncGenerator<DuckDBDataChunk, void, void>;
}
