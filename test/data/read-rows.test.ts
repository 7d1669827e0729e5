import { mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { errorNames } from '../../lib/contract/error-names.ts';
import { PlatformError } from '../../lib/contract/errors.ts';
import { FetchedDatasets, type FetchOptions, type ReadableDataset } from '../../lib/data/read/fetched-datasets.ts';
import type { ReadSession } from '../../lib/data/read/read-chunks.ts';
import { readColumns } from '../../lib/data/read/read-columns.ts';
import { readRows } from '../../lib/data/read/read-rows.ts';
import type { ColumnBatch } from '../../lib/data/read/vectors/chunk-decoder.ts';
import type { Row } from '../../lib/data/row.ts';
import { openEngine } from '../../lib/duckdb/open-engine.ts';
import type { Session } from '../../lib/duckdb/session.ts';
import { MemoryObjectStore } from '../../lib/ports/memory/memory-object-store.ts';
import { storeDataset } from './stored-dataset.ts';

const columns = { id: 'BIGINT', name: 'VARCHAR' };
const query = (from: number, to: number): string =>
  `SELECT range AS id, 'name ' || range AS name FROM range(${from}, ${to})`;

/** A store that counts downloads. */
class CountingStore extends MemoryObjectStore {
  readonly downloads: string[] = [];
  override download(...[key, file, options]: Parameters<MemoryObjectStore['download']>): Promise<boolean> {
    this.downloads.push(key.slice(-13, -8));
    return super.download(key, file, options);
  }
}

let session: Session;
let store: CountingStore;
let stop: AbortController;
beforeEach(async () => {
  stop = new AbortController();
  session = await (await openEngine()).session({ signal: stop.signal });
  store = new CountingStore();
});
afterEach(() => session.close());

const open = async (options: Partial<FetchOptions> = {}): Promise<ReadSession & { readonly folder: string }> => {
  const folder = await mkdtemp(join(session.folder, 'fetched-'));
  const { signal } = stop;
  return { session, fetched: new FetchedDatasets(store, { folder, signal, ...options }), signal, folder };
};

const readAll = async (reading: ReadSession, entry: ReadableDataset, batchSize?: number): Promise<Row[]> => {
  const rows: Row[] = [];
  for await (const batch of readRows(reading, entry, batchSize === undefined ? {} : { batchSize })) rows.push(...batch);
  return rows;
};

const expected = (from: number, to: number): Row[] =>
  Array.from({ length: to - from }, (_, index) => ({ id: from + index, name: `name ${from + index}` }));

describe('rows', () => {
  test.each([1, 7, 1000, 2048, 5000, 1_000_000])('come in order, in batches of %d', async (batchSize) => {
    const entry = await storeDataset(session, store, columns, [query(0, 3000), query(3000, 3001), query(3001, 7000)]);
    const sizes: number[] = [];
    const rows: Row[] = [];
    for await (const batch of readRows(await open(), entry, { batchSize })) {
      sizes.push(batch.length);
      rows.push(...batch);
    }
    expect(rows).toStrictEqual(expected(0, 7000));
    expect(new Set(sizes.slice(0, -1))).toEqual(new Set(7000 > batchSize ? [batchSize] : []));
  });

  test('of a dataset without parts are none', async () => {
    expect(await readAll(await open(), await storeDataset(session, store, columns, []))).toEqual([]);
    expect(store.downloads).toEqual([]);
  });

  test('of a part without rows are none', async () => {
    const entry = await storeDataset(session, store, columns, [query(0, 0), query(0, 2), query(2, 2)]);
    expect(await readAll(await open(), entry)).toStrictEqual(expected(0, 2));
  });

  test.each([0, -1, 1.5, Number.NaN])('never come in batches of %d', async (batchSize) => {
    const entry = await storeDataset(session, store, columns, [query(0, 1)]);
    await expect(readAll(await open(), entry, batchSize)).rejects.toThrow(
      `batchSize is a whole number from 1, not ${batchSize}`,
    );
  });

  test('end with the reason of the signal', async () => {
    const entry = await storeDataset(session, store, columns, [query(0, 100_000)]);
    const reason = new Error('deadline');
    const reading = (async () => {
      for await (const _ of readRows(await open(), entry, { batchSize: 10 })) stop.abort(reason);
    })();
    await expect(reading).rejects.toBe(reason);
  });
});

describe('the parts of a dataset', () => {
  test('are fetched once, however often the dataset is read', async () => {
    const entry = await storeDataset(session, store, columns, [query(0, 10), query(10, 20)]);
    const reading = await open();
    await Promise.all([readAll(reading, entry), readAll(reading, entry)]);
    expect(await readAll(reading, entry)).toStrictEqual(expected(0, 20));
    await reading.fetched.files(entry);
    expect(store.downloads).toEqual(['00000', '00001']);
  });

  test('are fetched on demand, and not all ahead of a reader that stops early', async () => {
    const parts = Array.from({ length: 6 }, (_, index) => query(index * 10_000, (index + 1) * 10_000));
    const entry = await storeDataset(session, store, columns, parts);
    for await (const batch of readRows(await open(), entry, { batchSize: 10 })) {
      expect(batch).toHaveLength(10);
      break;
    }
    expect(store.downloads).toEqual(['00000', '00001']);
  });

  test('do not delay a reader that stops early', async () => {
    const entry = await storeDataset(session, store, columns, [query(0, 10), query(10, 20)]);
    const { download } = store;
    store.download = (key, ...rest) =>
      key.includes('00001') ? new Promise(() => {}) : download.call(store, key, ...rest);
    for await (const batch of readRows(await open(), entry, { batchSize: 5 })) {
      expect(batch).toStrictEqual(expected(0, 5));
      break;
    }
  });

  test('do not stay if the dataset is larger than the cache: at most two at a time', async () => {
    const parts = Array.from({ length: 6 }, (_, index) => query(index * 10_000, (index + 1) * 10_000));
    const entry = await storeDataset(session, store, columns, parts);
    const reading = await open({ keepBytes: 100 });
    let most = 0;
    let rows = 0;
    for await (const batch of readRows(reading, entry)) {
      most = Math.max(most, (await readdir(reading.folder)).length);
      rows += batch.length;
    }
    expect(rows).toBe(60_000);
    expect(most).toBe(2);
    expect(await readdir(reading.folder)).toEqual([]);
    expect(await readAll(reading, entry)).toHaveLength(60_000);
  });

  test('stay if the whole dataset was requested, even if a reader reads only a part', async () => {
    const entry = await storeDataset(session, store, columns, [query(0, 10), query(10, 20)]);
    const reading = await open({ keepBytes: 0 });
    const { files, checked } = await reading.fetched.files(entry);
    await checked;
    await readAll(reading, entry);
    expect(await readdir(reading.folder)).toHaveLength(2);
    expect(files).toHaveLength(2);
    expect(store.downloads).toEqual(['00000', '00001']);
  });

  test('are fetched again after a fault of the store, which reaches the reader unchanged', async () => {
    const entry = await storeDataset(session, store, columns, [query(0, 10)]);
    const reading = await open();
    const fault = new Error('503');
    const { download } = store;
    store.download = () => Promise.reject(fault);
    await expect(readAll(reading, entry)).rejects.toBe(fault);
    store.download = download;
    expect(await readAll(reading, entry)).toStrictEqual(expected(0, 10));
  });
});

describe('local scratch that is full', () => {
  test('is a PermanentError that names the part and a remedy', async () => {
    const entry = await storeDataset(session, store, columns, [query(0, 10)]);
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
      syscall: 'write',
    });
    for (const fault of [full, new PlatformError('cannot read s3://b/k', { cause: full })]) {
      store.download = () => Promise.reject(fault);
      await expect(readAll(await open(), entry)).rejects.toMatchObject({
        name: errorNames.permanent,
        message:
          'local scratch has no room for p/d/part-00000.parquet, which has 1 MB: set a larger ephemeral_storage_mb for the step',
      });
    }
  });
});

describe('a part that differs from the written one', () => {
  test('is a PlatformError that names it, before any of its rows is given', async () => {
    const entry = await storeDataset(session, store, columns, [query(0, 3000), query(3000, 6000)]);
    const key = 'p/d/part-00001.parquet';
    const good = Buffer.from((await store.get(key))?.body ?? []);
    const flipped = Buffer.from(good);
    flipped[good.length >> 1] = (good[good.length >> 1] ?? 0) ^ 1;
    const others: [string, Buffer, string][] = [
      ['shorter', good.subarray(0, -10), `it has ${good.length - 10} bytes, not ${good.length}`],
      ['empty', Buffer.alloc(0), `it has 0 bytes, not ${good.length}`],
      ['longer', Buffer.concat([good, Buffer.from('x')]), `it has ${good.length + 1} bytes, not ${good.length}`],
      ['another of the same size', flipped, 'its SHA-256 is not that of the written bytes'],
    ];
    for (const [what, body, reason] of others) {
      await store.put(key, body);
      const rows: Row[] = [];
      const reading = (async () => {
        for await (const batch of readRows(await open(), entry, { batchSize: 1 })) rows.push(...batch);
      })();
      await expect(reading, what).rejects.toMatchObject({
        name: errorNames.platform,
        message: `${key} is damaged: ${reason}`,
      });
      expect(rows).toHaveLength(3000);
    }
    await store.delete(key);
    await expect(readAll(await open(), entry)).rejects.toMatchObject({
      name: errorNames.platform,
      message: `${key} is missing, though its dataset is committed`,
    });
  });

  test('is named by the check of a dataset that is used as files', async () => {
    const entry = await storeDataset(session, store, columns, [query(0, 3000), query(3000, 6000)]);
    const key = 'p/d/part-00001.parquet';
    const other = Buffer.from((await store.get(key))?.body ?? []);
    other[100] = (other[100] ?? 0) ^ 128;
    await store.put(key, other);
    const { checked } = await (await open()).fetched.files(entry);
    await expect(checked).rejects.toMatchObject({ name: errorNames.platform, message: expect.stringContaining(key) });
  });

  test('is also detected by its rows and columns', async () => {
    const entry = await storeDataset(session, store, columns, [query(0, 3000)]);
    const parts = entry.parts.map((part) => ({ ...part, rows: 2999 }));
    await expect(readAll(await open(), { ...entry, parts })).rejects.toThrow(
      'p/d/part-00000.parquet is damaged: it has 3000 rows, not 2999',
    );
    const others = { id: 'VARCHAR', name: 'VARCHAR' };
    await expect(readAll(await open(), { ...entry, columns: others })).rejects.toThrow(
      'p/d/part-00000.parquet is damaged: it cannot be read: column "id" is not VARCHAR',
    );
  });
});

describe('columns', () => {
  test('come in typed arrays, with their nulls', async () => {
    const declared = { id: 'BIGINT', small: 'INTEGER', part: 'DOUBLE', day: 'DATE', yes: 'BOOLEAN' };
    const entry = await storeDataset(session, store, declared, [
      `SELECT range + 9007199254740992 AS id, CASE WHEN range % 2 = 0 THEN range::INTEGER END AS small, range / 4 AS part,
        DATE '2026-01-31' + range::INTEGER AS day, CASE WHEN range <> 1 THEN range = 0 END AS yes FROM range(3)`,
    ]);
    const batches: ColumnBatch[] = [];
    for await (const batch of readColumns(await open(), entry)) batches.push(batch);
    expect(batches).toStrictEqual([
      {
        rowCount: 3,
        columns: {
          id: { values: new BigInt64Array([9007199254740992n, 9007199254740993n, 9007199254740994n]), nulls: null },
          small: { values: new Int32Array([0, 0, 2]), nulls: new Uint8Array([0, 1, 0]) },
          part: { values: new Float64Array([0, 0.25, 0.5]), nulls: null },
          day: { values: ['2026-01-31', '2026-02-01', '2026-02-02'], nulls: null },
          yes: { values: [true, null, false], nulls: new Uint8Array([0, 1, 0]) },
        },
      },
    ]);
  });

  test('come in batches of at most 2,048 rows, in order', async () => {
    const entry = await storeDataset(session, store, columns, [query(0, 5000), query(5000, 5001)]);
    const ids: number[] = [];
    for await (const { rowCount, columns: found } of readColumns(await open(), entry)) {
      expect(rowCount).toBeLessThanOrEqual(2048);
      for (const id of found.id?.values ?? []) ids.push(Number(id));
    }
    expect(ids).toEqual(Array.from({ length: 5001 }, (_, index) => index));
  });
});
