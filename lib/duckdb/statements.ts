import type { DuckDBDataChunk, DuckDBType, DuckDBValue, JS } from '@duckdb/node-api';
import type { Column } from '../columns/column-type.ts';
import type { SqlSource } from './limits/engine-error.ts';

/** A dataset that was fetched to local files. */
export interface LocalDataset {
  readonly step: string;
  readonly dataset: string;
  /** Parquet, in the order of their rows, below the engine's folder. */
  readonly files: readonly string[];
  readonly columns: readonly Column[];
}

/** Values of `$name` parameters; types where DuckDB cannot tell them from the values. */
export interface Parameters {
  readonly values: Readonly<Record<string, DuckDBValue>>;
  readonly types?: Readonly<Record<string, DuckDBType>>;
}

/** What runs with SQL besides its text. */
export interface Running extends Parameters {
  /** The user's query in the SQL, for errors to name it. */
  readonly source?: SqlSource;
}

/** Runs SQL of Daybreak's, never a user's. */
export interface Statements {
  /** Runs a statement to its end. */
  run(sql: string, running?: Running): Promise<void>;
  /** All rows of a small result: BIGINT and HUGEINT as bigint, DECIMAL as number, as the driver's `getRowObjectsJS` has it. */
  all(sql: string, running?: Running): Promise<Record<string, JS>[]>;
  /** The result's chunks as they come; DuckDB works only a little ahead of the reader. */
  stream(sql: string, running?: Running): AsyncGenerator<DuckDBDataChunk, void, void>;
}
