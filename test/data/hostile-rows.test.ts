import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { errorNames } from '../../lib/contract/error-names.ts';
import { FetchedDatasets, type ReadableDataset } from '../../lib/data/read/fetched-datasets.ts';
import { readRows } from '../../lib/data/read/read-rows.ts';
import type { Row, Value } from '../../lib/data/row.ts';
import { openEngine } from '../../lib/duckdb/open-engine.ts';
import { quoteName, quoteText } from '../../lib/duckdb/quote.ts';
import type { Session } from '../../lib/duckdb/session.ts';
import { MemoryObjectStore } from '../../lib/ports/memory/memory-object-store.ts';
import { sized } from '../support/sized.ts';
import { sealedPart, storeDataset } from './stored-dataset.ts';

let session: Session;
beforeAll(async () => {
  session = await (await openEngine()).session();
});
afterAll(() => session.close());

const read = async (store: MemoryObjectStore, dataset: ReadableDataset): Promise<Row[]> => {
  const folder = await mkdtemp(join(session.folder, 'fetched-'));
  const rows: Row[] = [];
  for await (const batch of readRows({ session, fetched: new FetchedDatasets(store, { folder }) }, dataset)) {
    rows.push(...batch);
  }
  return rows;
};

const roundTrip = async (columns: Record<string, string>, query: string): Promise<Row[]> => {
  const store = new MemoryObjectStore();
  return read(store, await storeDataset(session, store, columns, [query]));
};

describe('unusual but valid data', () => {
  test('texts of 10 MB', async () => {
    const rows = await roundTrip(
      { text: 'VARCHAR', more: 'VARCHAR[]' },
      `SELECT system.main.repeat(chr(97 + range::INTEGER), 10000000) AS text, [system.main.repeat('é', 5000000), 'short'] AS more FROM range(3)`,
    );
    expect(rows.map(({ text }) => text)).toEqual(['a', 'b', 'c'].map((letter) => letter.repeat(10_000_000)));
    expect(rows.every(({ more }) => (more as string[])[0] === 'é'.repeat(5_000_000))).toBe(true);
  });

  test('thousands of columns', async () => {
    const names = Array.from({ length: sized(1_000, 10_000) }, (_, index) => `c${index}`);
    const columns = Object.fromEntries(names.map((name) => [name, 'INTEGER']));
    const rows = await roundTrip(
      columns,
      `SELECT ${names.map((name, index) => `${index} + range::INTEGER AS ${name}`).join(', ')} FROM range(3)`,
    );
    expect(rows).toHaveLength(3);
    for (const [at, row] of rows.entries()) {
      expect(Object.keys(row)).toEqual(names);
      expect(Object.values(row)).toEqual(names.map((_, index) => index + at));
    }
  });

  test('lists 16 deep, and structs 32 deep', async () => {
    let [list, listSql]: [Value, string] = [7, '7::INTEGER'];
    for (let depth = 0; depth < 16; depth += 1) [list, listSql] = [[list], `[${listSql}]`];
    let [struct, structSql, structType]: [Value, string, string] = ['x', "'x'", 'VARCHAR'];
    for (let depth = 0; depth < 32; depth += 1) {
      [struct, structSql, structType] = [{ s: struct }, `{'s': ${structSql}}`, `STRUCT(s ${structType})`];
    }
    const columns = { list: `INTEGER${'[]'.repeat(16)}`, struct: structType };
    expect(await roundTrip(columns, `SELECT ${listSql} AS list, ${structSql} AS struct`)).toEqual([{ list, struct }]);
  });

  test('any names of columns', async () => {
    const names = [
      '',
      ' ',
      'a"b',
      "c'd",
      'e.f',
      'g\nh',
      '\u{1f600}',
      'select',
      'toString',
      '\\',
      'ß',
      'x'.repeat(10_000),
    ].slice(1);
    const columns = Object.fromEntries(names.map((name) => [name, 'VARCHAR']));
    const query = `SELECT ${names.map((name) => `${quoteText(name)} AS ${quoteName(name)}`).join(', ')}`;
    expect(await roundTrip(columns, query)).toEqual([Object.fromEntries(names.map((name) => [name, name]))]);
  });
});

describe('unreadable data is an error with its place and reason', () => {
  const columns = { id: 'BIGINT', name: 'VARCHAR' };
  const query = "SELECT range AS id, 'a name that is long enough ' || range AS name FROM range(20)";
  const key = 'p/d/part-00000.parquet';

  test('text that is not UTF-8, in a file of another writer', async () => {
    const store = new MemoryObjectStore();
    const file = join(session.folder, 'latin1.parquet');
    await session.run(
      `COPY (SELECT 'QQQQ grapes' AS name) TO ${quoteText(file)} (FORMAT parquet, COMPRESSION uncompressed)`,
    );
    const dataset = await sealedPart(store, file, { columns: { name: 'VARCHAR' }, rows: 1 }, (bytes) =>
      Buffer.from(bytes.toString('latin1').replaceAll('QQQQ', '\xe4\xff\xfe\xe4'), 'latin1'),
    );
    await expect(read(store, dataset)).rejects.toMatchObject({
      name: errorNames.platform,
      message: expect.stringMatching(/^p\/d\/part-00000.parquet is damaged: it cannot be read: .*UTF-?8/is),
    });
  });

  test('one flipped bit, anywhere', async () => {
    const store = new MemoryObjectStore();
    const dataset = await storeDataset(session, store, columns, [query]);
    const good = Buffer.from((await store.get(key))?.body ?? []);
    for (let at = 0; at < good.length; at += 1) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ (1 << (at % 8));
      await store.put(key, bad);
      await expect(read(store, dataset), `byte ${at}`).rejects.toMatchObject({
        name: errorNames.platform,
        message: `${key} is damaged: its SHA-256 is not that of the written bytes`,
      });
    }
    await store.put(key, good);
    expect(await read(store, dataset)).toHaveLength(20);
  });

  test('a part cut off anywhere', async () => {
    const store = new MemoryObjectStore();
    const dataset = await storeDataset(session, store, columns, [query]);
    const good = Buffer.from((await store.get(key))?.body ?? []);
    for (let length = 0; length < good.length; length += 37) {
      await store.put(key, good.subarray(0, length));
      await expect(read(store, dataset), `${length} bytes`).rejects.toMatchObject({
        name: errorNames.platform,
        message: `${key} is damaged: it has ${length} bytes, not ${good.length}`,
      });
    }
  });

  test('another part instead of one', async () => {
    const store = new MemoryObjectStore();
    const dataset = await storeDataset(session, store, columns, [query, query.replace('range(20)', 'range(20, 40)')]);
    await store.put('p/d/part-00001.parquet', (await store.get(key))?.body ?? '');
    await expect(read(store, dataset)).rejects.toMatchObject({
      name: errorNames.platform,
      message: expect.stringMatching(/^p\/d\/part-00001.parquet is damaged: (it has \d+ bytes, not|its SHA-256)/),
    });
  });

  test.each<[string, Record<string, string>, string]>([
    ['names that differ in upper and lower case only', { a: 'INTEGER', A: 'INTEGER' }, 'the column "A" occurs twice'],
    ['no columns at all', {}, 'it has no columns'],
    ['lists 100 deep', { a: `INTEGER${'[]'.repeat(100)}` }, 'lists stand in lists more than 16 deep'],
    ['a struct without fields', { a: 'STRUCT()' }, '"STRUCT()" is not a column type'],
    [
      'a name that objects would not keep',
      Object.fromEntries([['__proto__', 'INTEGER']]),
      '"__proto__" cannot be a column',
    ],
  ])('%s', async (_, declared, message) => {
    const dataset = { columns: declared, bytes: 0, parts: [] };
    await expect(read(new MemoryObjectStore(), dataset)).rejects.toMatchObject({
      name: errorNames.permanent,
      message: expect.stringContaining(message),
    });
  });
});
