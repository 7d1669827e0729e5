import type { DuckDBInstance } from '@duckdb/node-api';
import type { EngineLimits } from './limits/engine-limits.ts';
import type { MemoryWatch } from './limits/memory-watch.ts';

/** The process's only DuckDB instance, with DuckDB's full sandbox: it reaches only files of its scratch folder, and its settings are locked. */
export interface EngineCore {
  readonly instance: DuckDBInstance;
  readonly limits: EngineLimits;
  /** The only folder where DuckDB may read and write. */
  readonly folder: string;
  /** Null if no function's memory is known: in tests and on the command line. */
  readonly memory: MemoryWatch | null;
  /** Reports that DuckDB has invalidated itself, as it does after an internal fault. The next opening makes a new instance. */
  retire(): void;
  /** Runs a statement that manages databases, outside any session's database. */
  administer(sql: string): Promise<void>;
}
