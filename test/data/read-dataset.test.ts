import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { errorNames } from '../../lib/contract/error-names.ts';
import type { DatasetEntry } from '../../lib/contract/records.ts';
import { DatasetWriter } from '../../lib/data/dataset-writer.ts';
import { readDataset } from '../../lib/data/read-dataset.ts';
import { FolderObjectStore } from '../../lib/ports/folder-object-store.ts';
import { MemoryObjectStore } from '../../lib/ports/memory-object-store.ts';
import type { ObjectStore } from '../../lib/ports/ports.ts';
import { newFolder } from '../ports/new-folder.ts';

const columns = { id: 'BIGINT', name: 'VARCHAR' };

/** No row compresses like the next, so that bytes read and rows given can be compared. */
const noise = (id: number): string =>
  ((id * 2654435761) % 4294967296).toString(36) + ((id * 40503) % 65536).toString(36);

const readAll = async (store: ObjectStore, entry: DatasetEntry): Promise<number> => {
  let rows = 0;
  for await (const batch of readDataset(store, entry)) rows += batch.length;
  return rows;
};

const write = async (store: ObjectStore, count: number, partBytes: number): Promise<DatasetEntry> => {
  const writer = new DatasetWriter(store, { dataset: 'd', dataPrefix: 'p/', columns, partBytes });
  for (let id = 0; id < count; id += 1000) {
    await writer.append(
      Array.from({ length: 1000 }, (_, index) => ({
        id: id + index,
        name: `name of row ${id + index} ${noise(id + index)}`,
      })),
    );
  }
  return writer.close();
};

/** A store that counts the bytes which its reader has taken. */
class CountingStore extends MemoryObjectStore {
  taken = 0;
  override async read(key: string): Promise<AsyncIterable<Uint8Array> | null> {
    const body = (await this.get(key))?.body;
    if (body === undefined) return null;
    const chunks = async function* (this: CountingStore): AsyncIterable<Uint8Array> {
      for (let at = 0; at < body.length; at += 1024) {
        this.taken += 1024;
        yield body.subarray(at, at + 1024);
      }
    };
    return chunks.call(this);
  }
}

it('300,000 rows go through a folder while the writer holds only its pieces', async () => {
  const folder = await newFolder();
  const store = new FolderObjectStore(folder);
  const entry = await write(store, 300_000, 4 * 1024 * 1024);
  expect(entry.rows).toBe(300_000);
  expect(entry.parts.length).toBeGreaterThan(2);
  let next = 0;
  for await (const batch of readDataset(store, entry, { batchSize: 500 })) {
    expect(batch[0]).toEqual({ id: next, name: `name of row ${next} ${noise(next)}` });
    next += batch.length;
  }
  expect(next).toBe(300_000);
});

it('a reader is never more than 128 KiB of stored bytes ahead of its consumer', async () => {
  const store = new CountingStore();
  const entry = await write(store, 300_000, 64 * 1024 * 1024);
  let given = 0;
  let ahead = 0;
  for await (const batch of readDataset(store, entry, { batchSize: 100 })) {
    given += batch.length;
    ahead = Math.max(ahead, store.taken - (entry.bytes * given) / entry.rows);
    // A slow consumer: whatever the reader can do ahead, it does now.
    if (given % 10_000 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(given).toBe(300_000);
  expect(entry.bytes).toBeGreaterThan(2_000_000);
  expect(ahead).toBeLessThan(128 * 1024);
});

it('a consumer that stops early stops the reading', async () => {
  const store = new CountingStore();
  const entry = await write(store, 100_000, 64 * 1024 * 1024);
  for await (const batch of readDataset(store, entry, { batchSize: 10 })) {
    expect(batch).toHaveLength(10);
    break;
  }
  const taken = store.taken;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(store.taken).toBe(taken);
  expect(taken).toBeLessThan(128 * 1024);
});

it('the signal ends the iteration with its reason', async () => {
  const store = new CountingStore();
  const entry = await write(store, 10_000, 64 * 1024 * 1024);
  const stop = new AbortController();
  const reason = new Error('deadline');
  const reading = (async () => {
    for await (const _ of readDataset(store, entry, { batchSize: 10, signal: stop.signal })) stop.abort(reason);
  })();
  await expect(reading).rejects.toBe(reason);
});

it('the signal ends a read that hangs', async () => {
  const store = new CountingStore();
  const entry = await write(store, 1_000, 64 * 1024 * 1024);
  store.read = async () =>
    (async function* () {
      await new Promise(() => {});
      yield new Uint8Array();
    })();
  const reason = new Error('deadline');
  const stop = new AbortController();
  const reading = readDataset(store, entry, { signal: stop.signal })[Symbol.asyncIterator]().next();
  setImmediate(() => stop.abort(reason));
  await expect(reading).rejects.toBe(reason);
});

it('a fault of the store reaches the reader as it is, not as damage', async () => {
  const store = new CountingStore();
  const entry = await write(store, 1_000, 64 * 1024 * 1024);
  const fault = new Error('503');
  store.read = async () =>
    (async function* () {
      yield (await store.get(entry.parts[0]?.key ?? ''))?.body.subarray(0, 100) ?? new Uint8Array();
      throw fault;
    })();
  await expect(readAll(store, entry)).rejects.toBe(fault);
});

it('a part that is missing, shorter, longer, or another one, is an error that names its key', async () => {
  const store = new MemoryObjectStore();
  const entry = await write(store, 10_000, 100_000);
  const [first, second] = entry.parts;
  const key = second?.key ?? '';
  const good = (await store.get(key))?.body ?? new Uint8Array();
  const refused = { name: errorNames.platform, message: expect.stringContaining(key) };
  const others = {
    shorter: good.subarray(0, good.length - 10),
    empty: new Uint8Array(),
    'longer by garbage': Buffer.concat([good, Buffer.from('garbage')]),
    'longer by a member': Buffer.concat([good, gzipSync('{"id":1,"name":"x"}\n')]),
    'longer by zeros': Buffer.concat([good, Buffer.alloc(100)]),
    another: (await store.get(first?.key ?? ''))?.body ?? new Uint8Array(),
  };
  for (const [what, body] of Object.entries(others)) {
    await store.put(key, body);
    await expect(readAll(store, entry), what).rejects.toMatchObject(refused);
  }
  await store.delete(key);
  await expect(readAll(store, entry)).rejects.toMatchObject(refused);
  await store.put(key, good);
  expect(await readAll(store, entry)).toBe(10_000);
});

it('rows of a part are counted against its entry', async () => {
  const store = new MemoryObjectStore();
  const entry = await write(store, 1_000, 64 * 1024 * 1024);
  const parts = entry.parts.map((part) => ({ ...part, rows: 999 }));
  await expect(readAll(store, { ...entry, parts })).rejects.toThrow('it has 1000 rows, not 999');
});

it.each([0, -1, 1.5, Number.NaN])('a batch size of %d is refused', async (batchSize) => {
  const store = new MemoryObjectStore();
  const entry = await write(store, 1_000, 1000);
  await expect(readDataset(store, entry, { batchSize })[Symbol.asyncIterator]().next()).rejects.toThrow('batchSize');
});
