/** An invocation's use of the query engine: it opens at the first need, and closes with the invocation. */
import type { DataPlace } from '../../data/data-place.ts';
import { FetchedDatasets } from '../../data/read/fetched-datasets.ts';
import type { Reading } from '../../data/read/read-chunks.ts';
import { type Engine, openEngine } from '../../duckdb/open-engine.ts';
import type { Session, SessionOptions } from '../../duckdb/session.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import type { Invocation } from '../invocation.ts';

/** DuckDB is loaded by the first of it, never by a step that does nothing of the kind. */
export class DataBench implements DataPlace {
  readonly store: ObjectStore;
  /** The step's. */
  readonly signal: AbortSignal;
  readonly #openEngine: () => Promise<Pick<Engine, 'session'>>;
  #writing: Promise<Session> | null = null;
  #reading: Promise<Reading> | null = null;
  #closed = false;

  constructor({ ports, openEngine: open = openEngine }: Invocation, signal: AbortSignal) {
    this.store = ports.store;
    this.signal = signal;
    this.#openEngine = open;
  }

  /** For what the step writes. The signal does not end it: what a handler has written may still be stored in the last seconds. */
  session(): Promise<Session> {
    this.#writing ??= this.#open({});
    return this.#writing;
  }

  /** For what the step reads and queries, until the signal fires; with the datasets that were fetched for it, each once. */
  reading(): Promise<Reading> {
    const { store, signal } = this;
    this.#reading ??= this.#open({ signal }).then((session) => ({
      session,
      fetched: new FetchedDatasets(store, { folder: session.folder, signal }),
      signal,
    }));
    return this.#reading;
  }

  /** Calls off what still runs and removes every local file. */
  async close(): Promise<void> {
    this.#closed = true;
    const opened = [this.#writing, this.#reading?.then(({ session }) => session)];
    await Promise.all(opened.map(async (session) => (await session?.catch(() => null))?.close()));
  }

  async #open(options: SessionOptions): Promise<Session> {
    if (this.#closed) throw new Error('the handler has ended');
    return (await this.#openEngine()).session(options);
  }
}
