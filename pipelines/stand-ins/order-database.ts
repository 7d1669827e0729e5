import { createHash } from 'node:crypto';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import pg from 'pg';
import { emptyDatabase } from './empty-database.ts';
import { fillTables, storedMark, storedRange } from './order-tables.ts';
import type { SourceData } from './source-data.ts';

/** A database with orders in it. */
export interface OrderDatabase {
  readonly url: string;
  /** Days of its first and last order. */
  readonly range: SourceData['range'];
  /** False if the database already had orders, which stay unchanged. */
  readonly filled: boolean;
  stop(): Promise<void>;
}

/** More than the steps that can run concurrently; the server runs their transactions one after the other. */
const connections = 20;

/** PostgreSQL in this process (PGlite, in memory) on a free port of the loopback interface, filled with the data. */
export async function startOrderDatabase(data: SourceData): Promise<OrderDatabase> {
  const database = await emptyDatabase();
  const server = new PGLiteSocketServer({ db: database, host: '127.0.0.1', port: 0, maxConnections: connections });
  const stop = async (): Promise<void> => {
    await server.stop();
    await database.close();
  };
  try {
    await server.start();
    const url = `postgresql://postgres:postgres@${server.getServerConn()}/postgres?sslmode=disable`;
    await connected(url, (client) => fillTables(client, data, markOf(data)));
    return { url, range: data.range, filled: true, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * The database that DATABASE_URL names. This fills it only if it has no orders yet, and never changes existing orders.
 * With `demanded`, the database must hold exactly this data: other orders are an error, since the run would use them instead.
 */
export function openOrderDatabase(url: string, data: SourceData, demanded: boolean): Promise<OrderDatabase> {
  return connected(url, async (client) => {
    const stop = async (): Promise<void> => undefined;
    const range = await storedRange(client);
    if (range === null) {
      await fillTables(client, data, markOf(data));
      return { url, range: data.range, filled: true, stop };
    }
    const same = (await storedMark(client)) === markOf(data);
    if (demanded && !same) {
      throw new Error(
        `the database in DATABASE_URL already has orders, which are not those of ${data.origin}. Unset DATABASE_URL, name an empty database, or leave out --data to use the orders that are there`,
      );
    }
    return { url, range, filled: same, stop };
  });
}

const connected = async <Result>(url: string, use: (client: pg.Client) => Promise<Result>): Promise<Result> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect().catch((error: { readonly message: string; readonly code?: string }) => {
      // A connection refused on several addresses has a code, but no text.
      throw new Error(`cannot connect to PostgreSQL (DATABASE_URL): ${error.message || error.code}`, { cause: error });
    });
    return await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
};

const markOf = (data: SourceData): string =>
  `daybreak sample ${createHash('sha256').update(JSON.stringify(data.orders)).digest('hex').slice(0, 32)}`;
