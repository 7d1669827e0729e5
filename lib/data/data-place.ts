import type { Session } from '../duckdb/session.ts';
import type { ObjectStore } from '../ports/ports.ts';

/** Where datasets are written and read: the store that keeps them, and a session of the query engine, opened when it is first needed. */
export interface DataPlace {
  readonly store: ObjectStore;
  /** The same one at every call. */
  session(): Promise<Session>;
}
