import type pg from 'pg';
import { connect, cutOff } from '../connect.ts';
import { type ConnectionSettings, connectionSettings, type PostgresOptions } from '../connection-settings.ts';
import { postgresError, type SentQuery } from '../postgres-error.ts';
import { textSettings } from '../text-settings.ts';

/** The longest life of a Lambda invocation: no function waits for a longer query. */
const defaultStatementTimeout = 900;
const defaultLockTimeout = 30;

/** One state of a database, in one read-only transaction, for one step. */
export class Snapshot {
  readonly client: pg.Client;
  readonly place: string;
  readonly #options: PostgresOptions;
  readonly #settings: ConnectionSettings;
  readonly #signal: AbortSignal;
  readonly #onAbort: () => void;
  #closing: Promise<void> | null = null;
  #identity: Promise<string> | null = null;

  private constructor(client: pg.Client, options: PostgresOptions, settings: ConnectionSettings, signal: AbortSignal) {
    this.client = client;
    this.place = settings.place;
    this.#options = options;
    this.#settings = settings;
    this.#signal = signal;
    this.#onAbort = () => void this.close(true);
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /**
   * Connects and begins REPEATABLE READ READ ONLY, in UTC, with lossless texts of numbers and dates. With `from` it sees the same state as another connection.
   * If the signal fires, the running query is cancelled on the server and the connection closed.
   */
  static async open(options: PostgresOptions, signal: AbortSignal, from?: string): Promise<Snapshot> {
    signal.throwIfAborted();
    const settings = connectionSettings(options);
    const snapshot = new Snapshot(await connect(settings), options, settings, signal);
    try {
      if (signal.aborted) snapshot.#onAbort();
      await snapshot.run('beginning', (client) => client.query(beginning(options, from)));
      // After a kill no one cancels the query. Since PostgreSQL 14 the server can notice that its client is gone.
      await snapshot.run('beginning', (client) => client.query(noticeGoneClients));
      return snapshot;
    } catch (error) {
      await snapshot.close(true);
      throw error;
    }
  }

  /**
   * The database and its server, in words: the same behind every address, replicas included. A server in memory is another one after each start, but counts as
   * the same.
   */
  identity(): Promise<string> {
    this.#identity ??= this.run('asking for the database', findIdentity);
    return this.#identity;
  }

  /** Another connection that sees the same state. */
  async sibling(): Promise<Snapshot> {
    const { rows } = await this.run('exporting the snapshot', (client) =>
      client.query<{ id: string }>('SELECT pg_catalog.pg_export_snapshot() AS id'),
    );
    return Snapshot.open(this.#options, this.#signal, rows[0]?.id);
  }

  /** Uses the connection. Errors say what they mean for the step, and their place in `sent`. */
  async run<T>(doing: string, work: (client: pg.Client) => Promise<T>, sent?: SentQuery): Promise<T> {
    try {
      return await work(this.client);
    } catch (error) {
      throw this.#explained(error, doing, sent);
    }
  }

  /** The items of an iteration over the connection, with errors like those of `run`; errors of the consumer stay unchanged. */
  async *read<T>(doing: string, items: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* items;
    } catch (error) {
      throw this.#explained(error, doing);
    }
  }

  #explained(error: unknown, doing: string, sent?: SentQuery): Error {
    this.#signal.throwIfAborted();
    return postgresError(error, `${doing}, ${this.place}`, sent);
  }

  /** Ends the transaction. `busy` means that a query may be running; it is cancelled on the server. */
  close(busy: boolean): Promise<void> {
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#closing ??= cutOff(this.client, this.#settings, busy);
    return this.#closing;
  }
}

const findIdentity = async (client: pg.Client): Promise<string> => {
  const { rows } = await client.query<{ name: string; may: boolean }>(
    `SELECT pg_catalog.current_database() AS name, pg_catalog.version() NOT LIKE '%PGlite%'
       AND pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'execute') AS may`,
  );
  const name = `database ${JSON.stringify(rows[0]?.name)}`;
  if (!rows[0]?.may) return name;
  const server = await client.query<{ id: string }>(
    'SELECT system_identifier::text AS id FROM pg_catalog.pg_control_system()',
  );
  return `${name} of server ${server.rows[0]?.id}`;
};

const beginning = ({ statementTimeout, lockTimeout }: PostgresOptions, from: string | undefined): string => {
  const milliseconds = (seconds: number): number => Math.max(0, Math.ceil(seconds * 1000));
  return [
    'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
    ...(from === undefined ? [] : [`SET TRANSACTION SNAPSHOT '${from.replaceAll("'", "''")}'`]),
    ...textSettings,
    `SET LOCAL statement_timeout TO ${milliseconds(statementTimeout ?? defaultStatementTimeout)}`,
    `SET LOCAL lock_timeout TO ${milliseconds(lockTimeout ?? defaultLockTimeout)}`,
  ].join('; ');
};

const noticeGoneClients = `
  SELECT CASE WHEN pg_catalog.current_setting('server_version_num')::int >= 140000
    AND EXISTS (SELECT FROM pg_catalog.pg_settings WHERE name = 'client_connection_check_interval')
    THEN pg_catalog.set_config('client_connection_check_interval', '10s', true) END`;
