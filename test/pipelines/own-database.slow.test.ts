import { afterEach, describe, expect, test } from 'vitest';
import { MemoryObjectStore } from '../../lib/ports/memory/memory-object-store.ts';
import { importOrderLines } from '../../pipelines/stand-ins/import-order-lines.ts';
import { startOrderDatabase } from '../../pipelines/stand-ins/order-database.ts';
import { startSources } from '../../pipelines/stand-ins/start-sources.ts';
import { csvFile, header } from './order-lines-file.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

describe('the local sources with a database of your own', () => {
  const lines = [header, '1,A,x,2,2011-01-02 10:00:00,1.10,7.0,France'];
  const begin = async (file: string | null, DATABASE_URL: string, store = new MemoryObjectStore()) => {
    const log: string[] = [];
    const sources = await startSources({ store, data: file, log: (line) => log.push(line) }, { DATABASE_URL });
    stops.push(sources.stop);
    return { ...sources, log: log.join('\n'), store };
  };
  const databaseWith = async (file: string): Promise<string> => {
    const database = await startOrderDatabase((await importOrderLines(file)).data);
    stops.push(database.stop);
    return database.url;
  };

  test('its orders are used unchanged, and so is the catalogue', async () => {
    const url = await databaseWith(await csvFile(...lines));
    const store = new MemoryObjectStore();
    await store.put('sources/products.csv', 'mine');
    const sources = await begin(null, url, store);
    expect(sources.range).toEqual({ start_date: '2011-01-02', end_date: '2011-01-02' });
    expect(sources.environment.DATABASE_URL).toBe(url);
    expect(sources.log).toMatch(/its own orders/);
    expect(Buffer.from((await store.get('sources/products.csv'))?.body ?? []).toString()).toBe('mine');
  });

  test('a request for other data is an error that lists the ways out; for the same data it is not', async () => {
    const file = await csvFile(...lines);
    const url = await databaseWith(file);
    const other = await csvFile(...lines, '2,A,x,2,2011-01-02 10:00:00,1.10,7.0,France');
    await expect(begin(other, url)).rejects.toThrow(/already has orders.*Unset DATABASE_URL/);
    expect((await begin(file, url)).log).toMatch(/holds the orders of lines.csv/);
  });

  test('the log counts the skipped lines', async () => {
    const file = await csvFile(
      ...lines,
      'C1,A,x,-2,2011-01-02 10:00:00,1.10,7.0,France',
      '3,A,x,1,2011-01-02 10:00:00,0,,X',
    );
    const log: string[] = [];
    const sources = await startSources(
      { store: new MemoryObjectStore(), data: file, log: (line) => log.push(line) },
      {},
    );
    stops.push(sources.stop);
    expect(log.join('\n')).toContain('3 lines, 1 cancelled, 1 rejected');
  });
});
