import { createHash } from 'node:crypto';
import { fillTables, storedMark, storedRange } from './order-tables.ts';
import { connected, startDatabase } from './pglite-server.ts';
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

/** PostgreSQL in this process, filled with the data. */
export async function startOrderDatabase(data: SourceData): Promise<OrderDatabase> {
  const database = await startDatabase((client) => fillTables(client, data, markOf(data)));
  return { ...database, range: data.range, filled: true };
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

const markOf = (data: SourceData): string =>
  `daybreak sample ${createHash('sha256').update(JSON.stringify(data.orders)).digest('hex').slice(0, 32)}`;
