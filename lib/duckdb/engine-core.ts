import type { DuckDBInstance } from '@duckdb/node-api';
import type { EngineLimits } from './limits/engine-limits.ts';
import type { MemoryWatch } from './limits/memory-watch.ts';

/** The process's one instance of DuckDB, as sandboxed as DuckDB can be: files of its scratch folder and nothing else, and no setting can be changed any more. */
export interface EngineCore {
  readonly instance: DuckDBInstance;
  readonly limits: EngineLimits;
  /** Where alone DuckDB may read and write. */
  readonly folder: string;
  /** Null where no function's memory is given: tests, the command line. */
  readonly memory: MemoryWatch | null;
  /** Says that DuckDB has given itself up, as it does after a fault of its own: the next opening makes a new instance. */
  retire(): void;
  /** Runs a statement that is about no session's database, but about databases. */
  administer(sql: string): Promise<void>;
}
