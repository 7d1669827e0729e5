import { createHash } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { errorNames } from '../../lib/contract/error-names.ts';
import { DatasetWriter } from '../../lib/data/write/dataset-writer.ts';
import { MemoryObjectStore } from '../../lib/ports/memory/memory-object-store.ts';
import type { UploadOptions } from '../../lib/ports/ports.ts';
import { keysOf } from '../ports/object-store.conformance.ts';
import { sized } from '../support/sized.ts';
import { dataPorts, readAll, testSession } from './data-ports.ts';

const columns = { id: 'BIGINT', name: 'VARCHAR' };
const rowsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: first + index, name: `name ${first + index}` }));

const open = (store: MemoryObjectStore, more: { signal?: AbortSignal; partBytes?: number } = {}) =>
  new DatasetWriter(dataPorts(store), { dataset: 'orders', dataPrefix: 'run/', columns, ...more });

/** Local files of all datasets in the test's session. */
const localFiles = async (): Promise<string[]> => readdir((await testSession()).folder);

/** A store that takes this many parts, then none until `resume`. */
class StallingStore extends MemoryObjectStore {
  readonly #gate = Promise.withResolvers<void>();
  readonly #parts: number;
  taken = 0;
  constructor(parts: number) {
    super();
    this.#parts = parts;
  }
  resume(error?: Error): void {
    // A waiter at the gate gets the error; without a waiter the rejection is no fault.
    this.#gate.promise.catch(() => {});
    if (error === undefined) this.#gate.resolve();
    else this.#gate.reject(error);
  }
  override async upload(key: string, file: string, options: UploadOptions = {}): Promise<void> {
    this.taken += 1;
    const aborted = new Promise<never>((_, reject) =>
      options.signal?.addEventListener('abort', () => reject(options.signal?.reason)),
    );
    aborted.catch(() => {});
    if (this.taken > this.#parts) await Promise.race([this.#gate.promise, aborted]);
    return super.upload(key, file, options);
  }
}

/** One part each: more text than a writer collects before a write to disk. */
const partBytes = 300_000;

/** Rows that count the bytes of their names as they are taken. */
const noisyRows = (count: number) => {
  const counter = { bytes: 0 };
  let state = 1;
  const rows = function* () {
    for (let id = 0; id < count; id += 1) {
      let name = '';
      for (let word = 0; word < 12; word += 1) {
        state = (state * 48271) % 2147483647;
        name += state.toString(36);
      }
      counter.bytes += name.length;
      yield { id, name };
    }
  };
  return { rows, counter };
};

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
};

describe('a dataset', () => {
  test('is Parquet below its prefix, compressed with zstd, and its entry describes it', async () => {
    const store = new MemoryObjectStore();
    const writer = open(store);
    await writer.append(rowsFrom(1, 2));
    expect(writer.rowCount).toBe(2);
    const entry = await writer.close();
    const key = 'run/orders/part-00000.parquet';
    const body = (await store.get(key))?.body ?? new Uint8Array();
    const sha256 = createHash('sha256').update(body).digest('hex');
    expect(entry).toEqual({
      columns,
      format: 'parquet',
      rows: 2,
      bytes: body.length,
      content_digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      parts: [{ key, rows: 2, bytes: body.length, sha256 }],
    });
    const session = await testSession();
    const file = `${session.folder}/found.parquet`;
    await writeFile(file, body);
    expect(await session.all(`SELECT * FROM read_parquet('${file}')`)).toEqual([
      { id: 1n, name: 'name 1' },
      { id: 2n, name: 'name 2' },
    ]);
    expect(await session.all(`SELECT DISTINCT compression AS c FROM parquet_metadata('${file}')`)).toEqual([
      { c: 'ZSTD' },
    ]);
    expect(await session.all(`SELECT column_type AS t FROM (DESCRIBE FROM read_parquet('${file}'))`)).toEqual([
      { t: 'BIGINT' },
      { t: 'VARCHAR' },
    ]);
  });

  test('without rows has no parts and keeps its columns', async () => {
    const store = new MemoryObjectStore();
    expect(await open(store).close()).toMatchObject({ columns, rows: 0, bytes: 0, parts: [] });
    expect(await keysOf(store, '')).toEqual([]);
  });

  test('continues in a new part when one is full', async () => {
    const store = new MemoryObjectStore();
    const writer = open(store, { partBytes });
    await writer.append(rowsFrom(0, 50_000));
    const entry = await writer.close();
    expect(entry.parts.length).toBeGreaterThan(2);
    expect(entry.parts.map(({ key }) => key)).toEqual(await keysOf(store, 'run/orders/'));
    expect(entry.parts.reduce((sum, { rows }) => sum + rows, 0)).toBe(50_000);
    expect(entry.parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(entry.bytes);
    const ids = (await readAll(dataPorts(store), entry)).map(({ id }) => id);
    expect(ids).toEqual(Array.from({ length: 50_000 }, (_, index) => index));
  });

  test('leaves no local file behind, closed or aborted', async () => {
    const before = await localFiles();
    const writer = open(new MemoryObjectStore(), { partBytes });
    await writer.append(rowsFrom(0, 30_000));
    await writer.close();
    const other = open(new MemoryObjectStore(), { partBytes });
    await other.append(rowsFrom(0, 30_000));
    await other.abort();
    expect(await localFiles()).toEqual(before);
  });

  test('keeps the order of appends that no one awaits', async () => {
    const store = new MemoryObjectStore();
    const writer = open(store);
    for (let batch = 0; batch < 50; batch += 1) void writer.append(rowsFrom(batch * 100, 100));
    const entry = await writer.close();
    const ids = (await readAll(dataPorts(store), entry)).map(({ id }) => id);
    expect(ids).toEqual(Array.from({ length: 5000 }, (_, index) => index));
  });

  test('has a name that is valid in a key', () => {
    const make = () =>
      new DatasetWriter(dataPorts(new MemoryObjectStore()), { dataset: '../x', dataPrefix: 'run/', columns });
    expect(make).toThrow(
      expect.objectContaining({ name: errorNames.permanent, message: expect.stringContaining('"../x"') }),
    );
  });
});

describe('a store that takes nothing more', () => {
  test('stops the producer after a few parts', async () => {
    const store = new StallingStore(3);
    const writer = open(store, { partBytes });
    const count = sized(100_000, 300_000);
    const { rows, counter } = noisyRows(count);
    const writing = writer.append(rows());
    for (let before = -1, still = 0; still < 20; still = counter.bytes === before ? still + 1 : 0) {
      before = counter.bytes;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    // Three are stored, two are on their way, one is made, and one waits to be made. A part is one piece of text larger than its limit.
    expect(store.taken).toBeLessThanOrEqual(5);
    expect(counter.bytes).toBeLessThan(8 * (partBytes + 256 * 1024));
    store.resume();
    await writing;
    expect((await writer.close()).rows).toBe(count);
  });

  test('does not delay abort, which leaves nothing', async () => {
    const store = new StallingStore(2);
    const writer = open(store, { partBytes });
    const writing = writer.append(noisyRows(300_000).rows());
    writing.catch(() => {});
    while (store.taken < 3) await turns(1);
    expect(await keysOf(store, '')).not.toEqual([]);
    const reason = new Error('stop');
    await writer.abort(reason);
    await expect(writing).rejects.toBe(reason);
    await expect(writer.append(rowsFrom(0, 1))).rejects.toBe(reason);
    await expect(writer.close()).rejects.toBe(reason);
    expect(await keysOf(store, '')).toEqual([]);
  });

  test('lets the signal end an append with its reason', async () => {
    const store = new StallingStore(1);
    const stop = new AbortController();
    const writer = open(store, { signal: stop.signal, partBytes });
    const writing = writer.append(noisyRows(300_000).rows());
    while (store.taken < 2) await turns(1);
    const reason = new Error('deadline');
    stop.abort(reason);
    await expect(writing).rejects.toBe(reason);
    await writer.abort();
    expect(await keysOf(store, '')).toEqual([]);
  });

  test('and then fails also fails the append and everything after it with its error', async () => {
    const store = new StallingStore(1);
    const writer = open(store, { partBytes });
    const writing = writer.append(noisyRows(300_000).rows());
    while (store.taken < 2) await turns(1);
    const fault = new Error('disk full');
    store.resume(fault);
    await expect(writing).rejects.toBe(fault);
    await expect(writer.append(rowsFrom(0, 1))).rejects.toBe(fault);
    await expect(writer.close()).rejects.toBe(fault);
  });
});

describe('a writer', () => {
  test('that met a wrong row only fails from then on, so a handler never commits half', async () => {
    const writer = open(new MemoryObjectStore());
    await expect(writer.append([...rowsFrom(1, 2), { id: 'x' }])).rejects.toThrow(
      'dataset "orders", row 3 does not fit',
    );
    await expect(writer.close()).rejects.toMatchObject({ name: errorNames.validation });
  });

  test('that is closed takes no rows, gives the same entry again, and can no longer be aborted', async () => {
    const store = new MemoryObjectStore();
    const writer = open(store);
    await writer.append(rowsFrom(1, 1));
    const entry = await writer.close();
    expect(await writer.close()).toStrictEqual(entry);
    await expect(writer.append(rowsFrom(2, 1))).rejects.toThrow('dataset "orders" is closed already');
    await writer.abort();
    expect(await keysOf(store, '')).toEqual(['run/orders/part-00000.parquet']);
  });

  test('does not begin once its signal has fired', async () => {
    const store = new MemoryObjectStore();
    const reason = new Error('too late');
    const writer = open(store, { signal: AbortSignal.abort(reason) });
    await expect(writer.append(rowsFrom(1, 1))).rejects.toBe(reason);
    expect(await keysOf(store, '')).toEqual([]);
  });
});
