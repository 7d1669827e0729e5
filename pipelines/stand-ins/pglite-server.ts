import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import pg from 'pg';
import { emptyDatabase } from './empty-database.ts';

/** More than the steps that can run concurrently; the server runs their transactions one after the other. */
const connections = 20;

/** PostgreSQL in this process (PGlite, in memory) on a free port of the loopback interface, filled by `fill`. */
export async function startDatabase<Filled>(
  fill: (client: pg.Client) => Promise<Filled>,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const database = await emptyDatabase();
  const server = new PGLiteSocketServer({ db: database, host: '127.0.0.1', port: 0, maxConnections: connections });
  const stop = async (): Promise<void> => {
    await server.stop();
    await database.close();
  };
  try {
    await server.start();
    const url = `postgresql://postgres:postgres@${server.getServerConn()}/postgres?sslmode=disable`;
    await connected(url, fill);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Uses a connection to the database that `url` names, and ends it. */
export async function connected<Result>(url: string, use: (client: pg.Client) => Promise<Result>): Promise<Result> {
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
}
