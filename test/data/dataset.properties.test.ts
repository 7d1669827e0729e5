import fc from 'fast-check';
import { expect, it } from 'vitest';
import { errorNames } from '../../lib/contract/error-names.ts';
import type { DatasetEntry } from '../../lib/contract/records.ts';
import { DatasetWriter } from '../../lib/data/dataset-writer.ts';
import { readDataset } from '../../lib/data/read-dataset.ts';
import type { Row } from '../../lib/data/row-decoder.ts';
import { MemoryObjectStore } from '../../lib/ports/memory-object-store.ts';
import type { ObjectStore } from '../../lib/ports/ports.ts';
import { arbitraryDataset } from './arbitrary-dataset.ts';

type Rows = readonly Readonly<Record<string, unknown>>[];

const write = async (
  store: ObjectStore,
  columns: Record<string, string>,
  batches: readonly Rows[],
  partBytes?: number,
): Promise<DatasetEntry> => {
  const writer = new DatasetWriter(store, { dataset: 'd', dataPrefix: 'p/', columns, ...(partBytes && { partBytes }) });
  for (const batch of batches) await writer.append(batch);
  return writer.close();
};

const readAll = async (store: ObjectStore, entry: DatasetEntry, batchSize = 7): Promise<Row[]> => {
  const rows: Row[] = [];
  for await (const batch of readDataset(store, entry, { batchSize })) rows.push(...batch);
  return rows;
};

const cut = (rows: Rows, size: number): Rows[] =>
  Array.from({ length: Math.ceil(rows.length / size) }, (_, index) => rows.slice(index * size, (index + 1) * size));

it('rows of any schema come back exactly, in order, in batches of the size asked for', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryDataset, fc.integer({ min: 1, max: 40 }), async ({ columns, given, read }, batchSize) => {
      const store = new MemoryObjectStore();
      const entry = await write(store, columns, [given]);
      expect(entry.rows).toBe(read.length);
      expect(await readAll(store, entry, batchSize)).toStrictEqual(read);
      const sizes: number[] = [];
      for await (const batch of readDataset(store, entry, { batchSize })) sizes.push(batch.length);
      expect(sizes).toEqual(cut(read, batchSize).map((batch) => batch.length));
    }),
    { numRuns: 300 },
  );
});

it('equal rows give equal bytes however they are appended, and an equal content digest however they are cut into parts', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryDataset, fc.integer({ min: 1, max: 10 }), async ({ columns, given, read }, size) => {
      const stores = [new MemoryObjectStore(), new MemoryObjectStore(), new MemoryObjectStore()] as const;
      const whole = await write(stores[0], columns, [given]);
      expect(await write(stores[1], columns, cut(given, size))).toStrictEqual(whole);
      const parts = await write(stores[2], columns, [given], 1);
      expect(parts.parts).toHaveLength(read.length);
      expect(parts.content_sha256).toBe(whole.content_sha256);
      expect(await readAll(stores[2], parts, size)).toStrictEqual(read);
    }),
    { numRuns: 100 },
  );
});

it('other rows, another order of rows, other columns give another content digest', async () => {
  const digest = async (columns: Record<string, string>, rows: Rows): Promise<string> =>
    (await write(new MemoryObjectStore(), columns, [rows])).content_sha256;
  const digests = await Promise.all([
    digest({ a: 'INTEGER' }, []),
    digest({ a: 'BIGINT' }, []),
    digest({ a: 'INTEGER' }, [{ a: 1 }]),
    digest({ a: 'BIGINT' }, [{ a: 1 }]),
    digest({ a: 'INTEGER' }, [{ a: 1 }, { a: 2 }]),
    digest({ a: 'INTEGER' }, [{ a: 2 }, { a: 1 }]),
    digest({ a: 'INTEGER' }, [{ a: null }]),
    digest({ b: 'INTEGER' }, [{ b: null }]),
  ]);
  expect(new Set(digests).size).toBe(digests.length);
});

it('one flipped bit anywhere in a part is found, and the error names the key', async () => {
  const columns = { id: 'BIGINT', name: 'VARCHAR' };
  const rows = Array.from({ length: 40 }, (_, index) => ({ id: index, name: `row ${index}` }));
  const store = new MemoryObjectStore();
  const entry = await write(store, columns, [rows]);
  const key = entry.parts[0]?.key ?? '';
  const good = (await store.get(key))?.body ?? new Uint8Array();
  for (let at = 0; at < good.length; at += 1) {
    for (const bit of [1, 128]) {
      const bad = good.slice();
      bad[at] = (bad[at] ?? 0) ^ bit;
      await store.put(key, bad);
      await expect(readAll(store, entry), `byte ${at}`).rejects.toMatchObject({
        name: errorNames.platform,
        message: expect.stringContaining(key),
      });
    }
  }
  await store.put(key, good);
  expect(await readAll(store, entry)).toStrictEqual(rows);
});
