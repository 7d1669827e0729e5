import type { DuckDBConnection } from '@duckdb/node-api';
import type { EngineCore } from './engine-core.ts';
import { quoteName } from './quote.ts';

/** Interval between repeated interrupts. DuckDB forgets an interrupt that arrives between two calls of the driver. */
const againMs = 10;

/** A connection for one statement at a time. The holder gives it back. */
export interface BorrowedConnection {
  readonly connection: DuckDBConnection;
  /** Makes calls of the driver. An abort, the end of the session or too much memory interrupts them. */
  call<T>(work: () => Promise<T>): Promise<T>;
  release(): void;
}

/** The connections of one session. Each running statement has one; free connections are reused. */
export class Connections {
  readonly #engine: EngineCore;
  readonly #database: string;
  readonly #signal: AbortSignal | null;
  readonly #free: DuckDBConnection[] = [];
  readonly #lent = new Set<DuckDBConnection>();
  /** The connections that are inside a call. */
  readonly #working = new Set<DuckDBConnection>();
  #closed = false;

  constructor(engine: EngineCore, database: string, signal: AbortSignal | null) {
    this.#engine = engine;
    this.#database = database;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#interrupt, { once: true });
  }

  /** Returns a free connection that uses the session's database. */
  async take(): Promise<BorrowedConnection> {
    this.#refuse();
    const connection = this.#free.pop() ?? (await this.#connect());
    this.#lent.add(connection);
    this.#engine.memory?.enter(connection);
    const borrowed: BorrowedConnection = {
      connection,
      call: (work) => this.#call(connection, work),
      release: () => this.#release(connection),
    };
    try {
      await borrowed.call(() => connection.run(`USE ${quoteName(this.#database)}`));
      return borrowed;
    } catch (error) {
      borrowed.release();
      throw error;
    }
  }

  /**
   * The buffer holds one chunk that no one has fetched yet. DuckDB counts only 16 bytes for a text, so its default of one megabyte would hold some thirty
   * chunks of wide rows, outside its memory limit.
   */
  async #connect(): Promise<DuckDBConnection> {
    const connection = await this.#engine.instance.connect();
    await connection.run(`SET streaming_buffer_size = '1KB'`);
    return connection;
  }

  /** Interrupts running statements, waits until they have stopped, and closes every connection. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#signal?.removeEventListener('abort', this.#interrupt);
    this.#interrupt();
    while (this.#working.size > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    for (const connection of this.#lent) this.#release(connection);
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
    if (!this.#lent.delete(connection)) return;
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
