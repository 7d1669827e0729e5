import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult, DuckDBType, DuckDBValue, JS } from '@duckdb/node-api';
import type { Column } from '../data/column-type.ts';
import { defineViewSql } from './define-view-sql.ts';
import { engineError, isInterrupt, type SqlSource } from './engine-error.ts';
import type { GuardedSql } from './guard-sql.ts';
import { loadDuckDB } from './load-duckdb.ts';
import type { Engine } from './open-engine.ts';
import { prepareQuery, type Query } from './query.ts';
import { quoteName } from './quote.ts';

export interface SessionOptions {
  /** Interrupts what runs, and refuses what comes later, with its reason. */
  readonly signal?: AbortSignal;
}

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

const nothing: Running = { values: {} };

/**
 * One user's place in the instance: an attached in-memory database and a folder that no other session names. Calls may overlap: each has a connection of its own while it
 * runs, so views are shared between them and transactions and temporary tables are not. `run`, `all` and `stream` take SQL of ours, never a user's.
 */
export class Session {
  readonly #engine: Engine;
  readonly #database: string;
  readonly #signal: AbortSignal | null;
  readonly #idle: DuckDBConnection[] = [];
  readonly #busy = new Set<DuckDBConnection>();
  /** For files of this session; DuckDB may read and write here. Removed by close(). */
  readonly folder: string;
  #closed: Promise<void> | null = null;

  private constructor(engine: Engine, number: number, options: SessionOptions) {
    this.#engine = engine;
    // Blanks: no step has such a name, so "step"."dataset" never means this catalog.
    this.#database = `daybreak session ${number}`;
    this.folder = join(engine.folder, `session-${number}`);
    this.#signal = options.signal ?? null;
  }

  /** Engine.session() calls this. */
  static async open(engine: Engine, number: number, options: SessionOptions): Promise<Session> {
    options.signal?.throwIfAborted();
    const session = new Session(engine, number, options);
    await mkdir(session.folder);
    const connection = await engine.instance.connect();
    await connection.run(`ATTACH ':memory:' AS ${quoteName(session.#database)}`);
    await connection.run(`USE ${quoteName(session.#database)}`);
    session.#idle.push(connection);
    options.signal?.addEventListener('abort', session.#interrupt, { once: true });
    return session;
  }

  /** Runs a statement to its end. */
  async run(sql: string, running: Running = nothing): Promise<void> {
    await this.#using(sql, running, async (connection) => {
      const result = await start(connection, sql, running);
      while ((await result.fetchChunk())?.rowCount);
    });
  }

  /** All rows of a small result: BIGINT and HUGEINT as bigint, DECIMAL as number, as the driver's `getRowObjectsJS` has it. */
  all(sql: string, running: Running = nothing): Promise<Record<string, JS>[]> {
    return this.#using(sql, running, async (connection) => (await start(connection, sql, running)).getRowObjectsJS());
  }

  /** The result's chunks as they come; DuckDB works only a little ahead of the reader. */
  async *stream(sql: string, running: Running = nothing): AsyncGenerator<DuckDBDataChunk, void, void> {
    const connection = await this.#take();
    try {
      const result = await start(connection, sql, running);
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) break;
        yield chunk;
        this.#signal?.throwIfAborted();
      }
    } catch (error) {
      throw this.#translate(error, sql, running);
    } finally {
      this.#giveBack(connection);
    }
  }

  /** Makes the view "step"."dataset", or makes it anew. */
  async defineView(view: LocalDataset): Promise<void> {
    await this.run(`CREATE SCHEMA IF NOT EXISTS ${quoteName(view.step)}`);
    await this.run(defineViewSql(view));
  }

  /** A user's query, ready to run: its parameters are bound, and the columns of its result are known. */
  query(sql: GuardedSql, parameters: Readonly<Record<string, unknown>> = {}): Promise<Query> {
    return prepareQuery(this, sql, parameters);
  }

  /** Interrupts what runs, and frees the database and the folder. The same again does nothing. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#interrupt);
    this.#interrupt();
    while (this.#busy.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    for (const connection of this.#idle) connection.disconnectSync();
    const connection = await this.#engine.instance.connect();
    await connection.run(`DETACH ${quoteName(this.#database)}`);
    connection.disconnectSync();
    await rm(this.folder, { recursive: true, force: true });
  }

  readonly #interrupt = (): void => {
    for (const connection of this.#busy) connection.interrupt();
  };

  async #using<T>(sql: string, running: Running, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.#take();
    try {
      return await work(connection);
    } catch (error) {
      throw this.#translate(error, sql, running);
    } finally {
      this.#giveBack(connection);
    }
  }

  #translate(error: unknown, sql: string, { source = null }: { readonly source?: SqlSource | null }): unknown {
    if (this.#signal?.aborted && isInterrupt(error)) return this.#signal.reason;
    return engineError(error, sql, source, this.#engine.limits);
  }

  async #take(): Promise<DuckDBConnection> {
    this.#signal?.throwIfAborted();
    if (this.#closed !== null) throw new Error('the session is closed');
    const connection = this.#idle.pop() ?? (await this.#engine.instance.connect());
    this.#busy.add(connection);
    await connection.run(`USE ${quoteName(this.#database)}`);
    return connection;
  }

  #giveBack(connection: DuckDBConnection): void {
    this.#busy.delete(connection);
    this.#idle.push(connection);
  }
}

/** A result that is read while it is made. A bigint is a BIGINT, unless `types` says otherwise: the driver would take it for a HUGEINT, which no function of DuckDB wants. */
const start = (connection: DuckDBConnection, sql: string, { values, types }: Running): Promise<DuckDBResult> => {
  const { BIGINT } = loadDuckDB();
  const bigints = Object.keys(values).filter((name) => typeof values[name] === 'bigint');
  return connection.stream(
    sql,
    { ...values },
    { ...Object.fromEntries(bigints.map((name) => [name, BIGINT])), ...types },
  );
};
