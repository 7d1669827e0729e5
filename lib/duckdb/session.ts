import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBDataChunk, DuckDBResult, JS } from '@duckdb/node-api';
import { type BorrowedConnection, Connections } from './connections.ts';
import { defineViewSql } from './define-view-sql.ts';
import type { EngineCore } from './engine-core.ts';
import type { GuardedSql } from './guard/guard-sql.ts';
import { boundedFunctions } from './limits/bounded-functions.ts';
import { engineError, isFatal, isInterrupt, isOutOfMemory } from './limits/engine-error.ts';
import { tooLittleMemory } from './limits/limit-errors.ts';
import { neededMemory, readSize } from './limits/needed-memory.ts';
import { loadDuckDB } from './load-duckdb.ts';
import { prepareQuery, type Query } from './query.ts';
import { quoteName } from './quote.ts';
import type { LocalDataset, Running, Statements } from './statements.ts';
import { ViewNames } from './view-names.ts';
import { weighChunk } from './weigh-chunk.ts';

export interface SessionOptions {
  /** Interrupts running calls and refuses later ones, with its reason. */
  readonly signal?: AbortSignal;
}

const nothing: Running = { values: {} };

/**
 * One user's place in the instance: an attached in-memory database, and a folder that no other session uses. Calls may overlap, because each running call has
 * its own connection. So calls share views, but not transactions or temporary tables. `run`, `all` and `stream` take only Daybreak's SQL, never a user's.
 */
export class Session implements Statements {
  readonly #engine: EngineCore;
  readonly #database: string;
  readonly #connections: Connections;
  readonly #views = new ViewNames();
  /** Holds files of this session; DuckDB may read and write here. close() removes it. */
  readonly folder: string;
  #closed: Promise<void> | null = null;

  private constructor(engine: EngineCore, number: number, signal: AbortSignal | null) {
    this.#engine = engine;
    // The name has blanks. No step has such a name, so "step"."dataset" never means this catalog.
    this.#database = `daybreak session ${number}`;
    this.folder = join(engine.folder, `session-${number}`);
    this.#connections = new Connections(engine, this.#database, signal);
  }

  /** Engine.session() calls this. */
  static async open(engine: EngineCore, number: number, { signal }: SessionOptions): Promise<Session> {
    signal?.throwIfAborted();
    const session = new Session(engine, number, signal ?? null);
    await mkdir(session.folder);
    await engine.administer(`ATTACH ':memory:' AS ${quoteName(session.#database)}`);
    await engine.administer(boundedFunctions(session.#database));
    return session;
  }

  async run(sql: string, running: Running = nothing): Promise<void> {
    for await (const _ of this.stream(sql, running));
  }

  async all(sql: string, running: Running = nothing): Promise<Record<string, JS>[]> {
    const borrowed = await this.#connections.take();
    try {
      return await borrowed.call(async () => (await start(borrowed, sql, running)).getRowObjectsJS());
    } catch (error) {
      throw await this.#translate(error, borrowed, sql, running);
    } finally {
      borrowed.release();
    }
  }

  async *stream(sql: string, running: Running = nothing): AsyncGenerator<DuckDBDataChunk, void, void> {
    const borrowed = await this.#connections.take();
    try {
      const result = await borrowed.call(() => start(borrowed, sql, running));
      for (;;) {
        const chunk = await borrowed.call(() => result.fetchChunk());
        if (chunk === null || chunk.rowCount === 0) break;
        weighChunk(chunk);
        yield chunk;
      }
    } catch (error) {
      throw await this.#translate(error, borrowed, sql, running);
    } finally {
      borrowed.release();
    }
  }

  /** Makes or replaces the view "step"."dataset". Throws a PermanentError if SQL cannot tell its name from another view's. */
  async defineView(view: LocalDataset): Promise<void> {
    this.#views.add(view);
    await this.run(`CREATE SCHEMA IF NOT EXISTS ${quoteName(view.step)}`);
    await this.run(defineViewSql(view));
  }

  /** Prepares a user's query: binds its parameters and finds the columns of its result. */
  query(sql: GuardedSql, parameters: Readonly<Record<string, unknown>> = {}): Promise<Query> {
    return prepareQuery(this, sql, parameters);
  }

  /** Interrupts running calls, and frees the database and the folder. A second call does nothing. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#connections.close();
    await this.#engine.administer(`DETACH ${quoteName(this.#database)}`);
    await rm(this.folder, { recursive: true, force: true });
  }

  async #translate(
    error: unknown,
    { connection }: BorrowedConnection,
    sql: string,
    running: Running,
  ): Promise<unknown> {
    const { limits, memory } = this.#engine;
    const source = running.source ?? null;
    if (isOutOfMemory(error) || (isInterrupt(error) && memory?.hasInterrupted(connection))) {
      const read = await readSize(this, running, this.#views.filesOf(source?.tables ?? []));
      return tooLittleMemory(source?.name ?? null, limits, neededMemory(limits, read), error);
    }
    if (isFatal(error)) this.#engine.retire();
    return engineError(error, sql, source, limits);
  }
}

/**
 * Starts a result that streams while DuckDB makes it. A bigint is a BIGINT unless `types` differs: the driver would make it a HUGEINT, which no DuckDB function
 * takes.
 */
const start = ({ connection }: BorrowedConnection, sql: string, { values, types }: Running): Promise<DuckDBResult> => {
  const { BIGINT } = loadDuckDB();
  const bigints = Object.keys(values).filter((name) => typeof values[name] === 'bigint');
  return connection.stream(
    sql,
    { ...values },
    { ...Object.fromEntries(bigints.map((name) => [name, BIGINT])), ...types },
  );
};
