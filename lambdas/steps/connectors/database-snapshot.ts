import pg from 'pg';
import { databaseError } from './database-error.ts';

/** A row as the driver gives it; the queries here cast every column to text, integer or JSON. */
export type Row = Record<string, unknown>;

/** What a reader sees: one state of the database, read-only. */
export interface Snapshot {
  query(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

/** A server that has not answered by then is not going to; the step's own time-out is minutes. */
const connectMilliseconds = 10_000;

/**
 * What `read` yields from one read-only REPEATABLE READ transaction in UTC: every query of it sees the same state of the database.
 * The connection is closed however it ends, also when the consumer stops early or `signal` fires (which cuts off a running query).
 * TLS is what the URL says (`sslmode`, `sslrootcert`). Errors of the database are those of `databaseError`.
 */
export async function* readSnapshot<Item>(
  url: string,
  signal: AbortSignal,
  read: (snapshot: Snapshot) => AsyncGenerator<Item>,
): AsyncGenerator<Item> {
  signal.throwIfAborted();
  const client = await connect(url);
  // `end` destroys the socket when a query is running, so that query fails at once.
  const cutOff = () => void client.end().catch(ignore);
  signal.addEventListener('abort', cutOff, { once: true });
  const query = async (sql: string, parameters: readonly unknown[] = []): Promise<Row[]> => {
    try {
      return (await client.query<Row>(sql, [...parameters])).rows;
    } catch (error) {
      signal.throwIfAborted();
      throw databaseError(error, 'reading the database');
    }
  };
  try {
    await query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await query("SET LOCAL TIME ZONE 'UTC'");
    yield* read({ query });
    await query('COMMIT');
  } finally {
    signal.removeEventListener('abort', cutOff);
    await client.end().catch(ignore);
  }
}

/**
 * Batches of a query's rows through a server-side cursor (DECLARE, FETCH): neither side ever holds the whole answer.
 * One cursor at a time per snapshot.
 */
export async function* batchesOf(
  snapshot: Snapshot,
  sql: string,
  parameters: readonly unknown[],
  batchSize: number,
): AsyncGenerator<Row[]> {
  await snapshot.query(`DECLARE batches NO SCROLL CURSOR FOR ${sql}`, parameters);
  for (;;) {
    const rows = await snapshot.query(`FETCH ${batchSize} FROM batches`);
    if (rows.length > 0) yield rows;
    if (rows.length < batchSize) break;
  }
  await snapshot.query('CLOSE batches');
}

const connect = async (url: string): Promise<pg.Client> => {
  try {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: connectMilliseconds,
      keepAlive: true,
      application_name: 'daybreak',
    });
    // A connection that dies between two queries is reported by the next query; without a listener it would end the process.
    client.on('error', ignore);
    await client.connect();
    return client;
  } catch (error) {
    throw databaseError(error, 'connecting to the database');
  }
};

const ignore = (): void => undefined;
