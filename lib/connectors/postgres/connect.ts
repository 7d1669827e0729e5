import type pg from 'pg';
import type { ConnectionSettings } from './connection-settings.ts';
import { postgresError } from './postgres-error.ts';

/** Time for a cancel to reach the server; after it the connection is closed anyway. */
const cancelMilliseconds = 5_000;

/** A connection whose errors say what they mean for the step. */
export async function connect({ config, place }: ConnectionSettings): Promise<pg.Client> {
  // Loaded here, so that handlers that read something else do not load the driver.
  const { default: driver } = await import('pg');
  const client = new driver.Client(config);
  // The next query reports a connection that died between two queries. Without a listener the error would end the process.
  client.on('error', ignore);
  try {
    await client.connect();
    return client;
  } catch (error) {
    void client.end().catch(ignore);
    throw postgresError(error, `connecting to ${place}`);
  }
}

/**
 * Ends a connection at once. A second connection cancels its query on the server, since a query that has nothing to send would not notice that its client is
 * gone. Resolves when the cancel is done or has failed.
 */
export async function cutOff(client: pg.Client, settings: ConnectionSettings, busy: boolean): Promise<void> {
  const { processID } = client as unknown as { readonly processID: number | null };
  const closed = client.end().catch(ignore);
  if (!busy || processID === null) return closed;
  const timeout = { connectionTimeoutMillis: cancelMilliseconds, query_timeout: cancelMilliseconds };
  const second = await connect({ ...settings, config: { ...settings.config, ...timeout } }).catch(() => null);
  await second?.query('SELECT pg_catalog.pg_cancel_backend($1)', [processID]).catch(ignore);
  await second?.end().catch(ignore);
}

const ignore = (): void => undefined;
