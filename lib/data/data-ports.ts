import type { Session } from '../duckdb/session.ts';
import type { ObjectStore } from '../ports/ports.ts';

/** The ports for datasets: the store that keeps them, and a session of the query engine, which opens at its first use. */
export interface DataPorts {
  readonly store: ObjectStore;
  /** Returns the same session at every call. */
  session(): Promise<Session>;
}
