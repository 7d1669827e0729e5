import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseColumns } from '../../lib/columns/columns.ts';
import { errorNames } from '../../lib/contract/error-names.ts';
import type { DatasetEntry, DatasetSoFar } from '../../lib/contract/records/dataset.ts';
import type { DataPorts } from '../../lib/data/data-ports.ts';
import { hashedValues } from '../../lib/data/write/content-digest.ts';
import { DatasetWriter } from '../../lib/data/write/dataset-writer.ts';
import { MemoryObjectStore } from '../../lib/ports/memory/memory-object-store.ts';
import { sized } from '../support/sized.ts';
import { arbitraryDataset } from './arbitrary-dataset.ts';
import { dataPorts, readAll, testSession } from './data-ports.ts';

type Rows = readonly Readonly<Record<string, unknown>>[];

const write = async (
  ports: DataPorts,
  columns: Record<string, string>,
  batches: readonly Rows[],
  partBytes?: number,
): Promise<DatasetEntry> => {
  const writer = new DatasetWriter(ports, { dataset: 'd', dataPrefix: 'p/', columns, ...(partBytes && { partBytes }) });
  for (const batch of batches) await writer.append(batch);
  return writer.close();
};

/** The same rows by columns; columns that are null in all rows are left out. */
const writeColumns = async (ports: DataPorts, columns: Record<string, string>, rows: Rows): Promise<DatasetEntry> => {
  const writer = new DatasetWriter(ports, { dataset: 'd', dataPrefix: 'p/', columns });
  const given = Object.keys(columns).map((name) => [name, rows.map((row) => row[name])] as const);
  await writer.appendColumns(Object.fromEntries(given));
  return writer.close();
};

/** Writes each batch into a separate part, by handing over to another writer. */
const writeInParts = async (
  ports: DataPorts,
  columns: Record<string, string>,
  batches: readonly Rows[],
): Promise<DatasetEntry> => {
  let soFar: DatasetSoFar | undefined;
  const open = (): DatasetWriter =>
    new DatasetWriter(ports, { dataset: 'd', dataPrefix: 'p/', columns, ...(soFar && { soFar }) });
  for (const batch of batches) {
    const writer = open();
    await writer.append(batch);
    soFar = await writer.suspend();
  }
  return open().close();
};

const cut = (rows: Rows, size: number): Rows[] =>
  Array.from({ length: Math.ceil(rows.length / size) }, (_, index) => rows.slice(index * size, (index + 1) * size));

test('rows of any schema come back exactly, in order', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryDataset, fc.integer({ min: 1, max: 40 }), async ({ columns, given, read }, batchSize) => {
      const ports = dataPorts(new MemoryObjectStore());
      const entry = await write(ports, columns, [given]);
      expect(entry.rows).toBe(read.length);
      expect(await readAll(ports, entry, batchSize)).toStrictEqual(read);
    }),
    { numRuns: sized(20, 150) },
  );
});

test('equal rows give an equal content digest, and equal rows back, for any way of appending and any cut into parts', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryDataset, fc.integer({ min: 1, max: 10 }), async ({ columns, given, read }, size) => {
      const ports = dataPorts(new MemoryObjectStore());
      const whole = await write(ports, columns, [given]);
      expect(await write(ports, columns, cut(given, size))).toStrictEqual(whole);
      const byColumn = await writeColumns(ports, columns, given);
      expect(byColumn).toStrictEqual(whole);
      // A part holds at least the rows of a piece of text, so a cut follows each append.
      const store = dataPorts(new MemoryObjectStore());
      const parts = await writeInParts(store, columns, cut(given, size));
      expect(parts.parts).toHaveLength(Math.ceil(read.length / size));
      expect(parts.content_digest).toBe(whole.content_digest);
      expect(await readAll(store, parts)).toStrictEqual(read);
    }),
    { numRuns: sized(5, 40) },
  );
});

test('other rows, another order of rows, other columns give another content digest', async () => {
  const digest = async (columns: Record<string, string>, rows: Rows): Promise<string> =>
    (await write(dataPorts(new MemoryObjectStore()), columns, [rows])).content_digest;
  const digests = await Promise.all([
    digest({ a: 'INTEGER' }, []),
    digest({ a: 'BIGINT' }, []),
    digest({ a: 'INTEGER' }, [{ a: 1 }]),
    digest({ a: 'BIGINT' }, [{ a: 1 }]),
    digest({ a: 'INTEGER' }, [{ a: 1 }, { a: 2 }]),
    digest({ a: 'INTEGER' }, [{ a: 2 }, { a: 1 }]),
    digest({ a: 'INTEGER' }, [{ a: null }]),
    digest({ b: 'INTEGER' }, [{ b: null }]),
    digest({ a: 'VARCHAR' }, [{ a: '' }]),
    digest({ a: 'VARCHAR' }, [{ a: null }]),
    digest({ a: 'INTEGER', b: 'INTEGER' }, [{ a: 1, b: null }]),
    digest({ a: 'INTEGER', b: 'INTEGER' }, [{ a: null, b: 1 }]),
    digest({ a: 'INTEGER', b: 'INTEGER' }, [{ a: 1, b: 1 }]),
  ]);
  expect(new Set(digests).size).toBe(digests.length);
});

/** Every value of a type up to a depth and a length, made of few scalars. */
const valuesOf = (type: Shape): unknown[] => {
  if (type === 'INTEGER') return [null, 0, 1];
  if (Array.isArray(type)) {
    const elements = valuesOf(type[0] as Shape);
    const pairs = elements.flatMap((first) => elements.map((second) => [first, second]));
    return [null, [], ...elements.map((one) => [one]), ...pairs];
  }
  const fields = Object.entries(type as Readonly<Record<string, Shape>>);
  const all = fields.reduce<Record<string, unknown>[]>(
    (made, [name, field]) => made.flatMap((one) => valuesOf(field).map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
  return [null, ...all];
};
type Shape = 'INTEGER' | readonly [Shape] | { readonly [field: string]: Shape };

test.each<[string, Shape]>([
  ['INTEGER[]', ['INTEGER']],
  ['INTEGER[][]', [['INTEGER']]],
  ['STRUCT(a INTEGER)', { a: 'INTEGER' }],
  ['STRUCT(a INTEGER, b INTEGER[])', { a: 'INTEGER', b: ['INTEGER'] }],
  ['STRUCT(a INTEGER, b INTEGER)[]', [{ a: 'INTEGER', b: 'INTEGER' }]],
  ['STRUCT(a INTEGER[])[]', [{ a: ['INTEGER'] }]],
  ['STRUCT(a STRUCT(b INTEGER), c STRUCT(b INTEGER))', { a: { b: 'INTEGER' }, c: { b: 'INTEGER' } }],
])('no two small values of %s are hashed alike', async (type, shape) => {
  const session = await testSession();
  const file = `${session.folder}/${type.replaceAll(/\W/g, '_')}.json`;
  const values = valuesOf(shape);
  await writeFile(file, values.map((v) => `${JSON.stringify({ v })}\n`).join(''));
  const rows = `read_json('${file}', format = 'newline_delimited', records = true, columns = {v: '${type}'})`;
  const hashed = hashedValues(parseColumns('d', { v: type }));
  const [found] = await session.all(`SELECT count(DISTINCT hash(1, ${hashed})) AS hashes FROM ${rows}`);
  expect(Number(found?.hashes)).toBe(values.length);
});

test('one flipped bit anywhere in a part is found, and the error names the key', async () => {
  const columns = { id: 'BIGINT', name: 'VARCHAR' };
  const rows = Array.from({ length: 40 }, (_, index) => ({ id: index, name: `row ${index}` }));
  const store = new MemoryObjectStore();
  const ports = dataPorts(store);
  const entry = await write(ports, columns, [rows]);
  const key = entry.parts[0]?.key ?? '';
  const good = (await store.get(key))?.body ?? new Uint8Array();
  for (let at = 0; at < good.length; at += 1) {
    for (const bit of [1, 128]) {
      const bad = good.slice();
      bad[at] = (bad[at] ?? 0) ^ bit;
      await store.put(key, bad);
      await expect(readAll(ports, entry), `byte ${at}`).rejects.toMatchObject({
        name: errorNames.platform,
        message: expect.stringContaining(key),
      });
    }
  }
  await store.put(key, good);
  expect(await readAll(ports, entry)).toStrictEqual(rows);
});
