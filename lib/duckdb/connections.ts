import type { DuckDBConnection } from '@duckdb/node-api';
import type { EngineCore } from './engine-core.ts';
import { quoteName } from './quote.ts';

/** How often an interrupt is repeated: one that comes between two calls of the driver is forgotten by DuckDB. */
const againMs = 10;

/** A connection for one statement at a time. Give it back. */
export interface Lease {
  readonly connection: DuckDBConnection;
  /** Makes calls of the driver that an abort, the end of the session or too much memory interrupts. */
  call<T>(work: () => Promise<T>): Promise<T>;
  release(): void;
}

/** The connections of one session: each statement that runs has one, and those that are free are used again. */
export class Connections {
  readonly #engine: EngineCore;
  readonly #database: string;
  readonly #signal: AbortSignal | null;
  readonly #free: DuckDBConnection[] = [];
  readonly #leased = new Set<DuckDBConnection>();
  /** Those that are inside of a call. */
  readonly #working = new Set<DuckDBConnection>();
  #closed = false;

  constructor(engine: EngineCore, database: string, signal: AbortSignal | null) {
    this.#engine = engine;
    this.#database = database;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#interrupt, { once: true });
  }

  /** A free connection, which looks at the session's database. */
  async take(): Promise<Lease> {
    this.#refuse();
    const connection = this.#free.pop() ?? (await this.#connect());
    this.#leased.add(connection);
    this.#engine.memory?.enter(connection);
    const lease: Lease = {
      connection,
      call: (work) => this.#call(connection, work),
      release: () => this.#release(connection),
    };
    try {
      await lease.call(() => connection.run(`USE ${quoteName(this.#database)}`));
      return lease;
    } catch (error) {
      lease.release();
      throw error;
    }
  }

  /** With room for one chunk that nobody has fetched yet. What DuckDB counts of a text is 16 bytes, so in its usual megabyte some thirty chunks of wide rows pile up, outside of its memory limit. */
  async #connect(): Promise<DuckDBConnection> {
    const connection = await this.#engine.instance.connect();
    await connection.run(`SET streaming_buffer_size = '1KB'`);
    return connection;
  }

  /** Interrupts what runs, waits until it has stopped, and gives every connection up. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#signal?.removeEventListener('abort', this.#interrupt);
    this.#interrupt();
    while (this.#working.size > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    for (const connection of this.#leased) this.#release(connection);
    for (const connection of this.#free) connection.disconnectSync();
    this.#free.length = 0;
  }

  async #call<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
    this.#refuse();
    this.#working.add(connection);
    try {
      return await work();
    } catch (error) {
      this.#refuse();
      throw error;
    } finally {
      this.#working.delete(connection);
    }
  }

  #refuse(): void {
    this.#signal?.throwIfAborted();
    if (this.#closed) throw new Error('the session is closed');
  }

  #release(connection: DuckDBConnection): void {
    if (!this.#leased.delete(connection)) return;
    this.#engine.memory?.leave(connection);
    if (this.#closed) connection.disconnectSync();
    else this.#free.push(connection);
  }

  readonly #interrupt = (): void => {
    if (this.#working.size === 0) return;
    for (const connection of this.#working) connection.interrupt();
    setTimeout(this.#interrupt, againMs);
  };
}
