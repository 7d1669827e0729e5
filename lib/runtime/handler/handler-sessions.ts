/** The sessions of one invocation with the query engine: each opens at its first use and closes with the invocation. */
import type { DataPorts } from '../../data/data-ports.ts';
import { FetchedDatasets } from '../../data/read/fetched-datasets.ts';
import type { ReadSession } from '../../data/read/read-chunks.ts';
import { type Engine, openEngine } from '../../duckdb/open-engine.ts';
import type { Session, SessionOptions } from '../../duckdb/session.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import type { Invocation } from '../invocation.ts';

/** The first session loads DuckDB. A step that handles no data never loads it. */
export class HandlerSessions implements DataPorts {
  readonly store: ObjectStore;
  /** The step's signal. */
  readonly signal: AbortSignal;
  readonly #openEngine: () => Promise<Pick<Engine, 'session'>>;
  #writing: Promise<Session> | null = null;
  #reading: Promise<ReadSession> | null = null;
  #closed = false;

  constructor({ ports, openEngine: open = openEngine }: Invocation, signal: AbortSignal) {
    this.store = ports.store;
    this.signal = signal;
    this.#openEngine = open;
  }

  /** The session that writes. The signal does not end it: data that a handler has written may still be stored in the last seconds. */
  session(): Promise<Session> {
    this.#writing ??= this.#open({});
    return this.#writing;
  }

  /** The session that reads and queries, until the signal fires. It fetches each dataset once. */
  readSession(): Promise<ReadSession> {
    const { store, signal } = this;
    this.#reading ??= this.#open({ signal }).then((session) => ({
      session,
      fetched: new FetchedDatasets(store, { folder: session.folder, signal }),
      signal,
    }));
    return this.#reading;
  }

  /** Cancels running statements and removes every local file. */
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
