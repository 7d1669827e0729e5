import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { errorNames } from '../../lib/contract/error-names.ts';
import { DatasetWriter } from '../../lib/data/dataset-writer.ts';
import { MemoryObjectStore } from '../../lib/ports/memory-object-store.ts';
import { keysOf } from '../ports/object-store.conformance.ts';

const sha256Of = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex');

const columns = { id: 'BIGINT', name: 'VARCHAR' };
const rowsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: first + index, name: `name ${first + index}` }));

const open = (store: MemoryObjectStore, more: { signal?: AbortSignal; partBytes?: number } = {}) =>
  new DatasetWriter(store, { dataset: 'orders', dataPrefix: 'run/', columns, ...more });

/** A store whose writes take `chunks` chunks each and then nothing more until `resume` is called. */
class StallingStore extends MemoryObjectStore {
  readonly #gate = Promise.withResolvers<void>();
  readonly #chunks: number;
  taken = 0;
  constructor(chunks: number) {
    super();
    this.#chunks = chunks;
  }
  resume(error?: Error): void {
    // Whoever waits at the gate sees it; that nobody does yet is fine.
    this.#gate.promise.catch(() => {});
    if (error === undefined) this.#gate.resolve();
    else this.#gate.reject(error);
  }
  override write(key: string, body: AsyncIterable<Uint8Array>): Promise<void> {
    const slow = async function* (this: StallingStore): AsyncIterable<Uint8Array> {
      for await (const chunk of body) {
        if (this.taken === this.#chunks) await this.#gate.promise;
        this.taken += 1;
        yield chunk;
      }
    };
    return super.write(key, slow.call(this));
  }
}

/** Rows that gzip cannot make much smaller, counted as they are taken. */
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
  it('is gzipped lines of JSON below its prefix, and its entry says what they are', async () => {
    const store = new MemoryObjectStore();
    const writer = open(store);
    await writer.append(rowsFrom(1, 2));
    expect(writer.rowCount).toBe(2);
    const entry = await writer.close();
    const body = (await store.get('run/orders/part-00000.ndjson.gz'))?.body ?? new Uint8Array();
    expect(gunzipSync(body).toString()).toBe('{"id":1,"name":"name 1"}\n{"id":2,"name":"name 2"}\n');
    const sha256 = sha256Of(body);
    expect(entry).toEqual({
      columns,
      format: 'ndjson.gz',
      rows: 2,
      bytes: body.length,
      content_sha256: sha256Of(
        Buffer.concat([
          Buffer.from(sha256Of('[["id","BIGINT"],["name","VARCHAR"]]\n'), 'hex'),
          Buffer.from('{"id":1,"name":"name 1"}\n{"id":2,"name":"name 2"}\n'),
        ]),
      ),
      parts: [{ key: 'run/orders/part-00000.ndjson.gz', rows: 2, bytes: body.length, sha256 }],
    });
    // Neither the time nor the system is in gzip's header.
    expect([...body.subarray(4, 10)]).toEqual([0, 0, 0, 0, 0, 255]);
  });

  it('without rows has no parts', async () => {
    const store = new MemoryObjectStore();
    expect(await open(store).close()).toMatchObject({ rows: 0, bytes: 0, parts: [] });
    expect(await keysOf(store, '')).toEqual([]);
  });

  it('goes on in a new part when one is full', async () => {
    const store = new MemoryObjectStore();
    const writer = open(store, { partBytes: 200_000 });
    await writer.append(rowsFrom(0, 20_000));
    const entry = await writer.close();
    expect(entry.parts.length).toBeGreaterThan(2);
    expect(entry.parts.map(({ key }) => key)).toEqual(await keysOf(store, 'run/orders/'));
    expect(entry.parts.reduce((sum, { rows }) => sum + rows, 0)).toBe(20_000);
    expect(entry.parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(entry.bytes);
  });

  it('keeps the order of appends that nobody awaited', async () => {
    const store = new MemoryObjectStore();
    const writer = open(store);
    for (let batch = 0; batch < 50; batch += 1) void writer.append(rowsFrom(batch * 100, 100));
    const entry = await writer.close();
    const lines = gunzipSync((await store.get(entry.parts[0]?.key ?? ''))?.body ?? '')
      .toString()
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line).id)).toEqual(Array.from({ length: 5000 }, (_, index) => index));
  });

  it('has a name that can stand in a key', () => {
    const make = () => new DatasetWriter(new MemoryObjectStore(), { dataset: '../x', dataPrefix: 'run/', columns });
    expect(make).toThrow(
      expect.objectContaining({ name: errorNames.permanent, message: expect.stringContaining('"../x"') }),
    );
  });
});

describe('a store that takes nothing any more', () => {
  it('stops the producer after less than a megabyte', async () => {
    const store = new StallingStore(3);
    const writer = open(store);
    const { rows, counter } = noisyRows(300_000);
    const writing = writer.append(rows());
    for (let before = -1, still = 0; still < 10; still = counter.bytes === before ? still + 1 : 0) {
      before = counter.bytes;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(store.taken).toBe(3);
    expect(counter.bytes).toBeLessThan(1_000_000);
    store.resume();
    await writing;
    expect((await writer.close()).rows).toBe(300_000);
  });

  it('does not hold up abort, which leaves nothing', async () => {
    const store = new StallingStore(40);
    const writer = open(store, { partBytes: 500_000 });
    const writing = writer.append(noisyRows(300_000).rows());
    writing.catch(() => {});
    while (store.taken < 40) await turns(1);
    expect(await keysOf(store, '')).not.toEqual([]);
    const reason = new Error('stop');
    const aborting = writer.abort(reason);
    store.resume();
    await aborting;
    await expect(writing).rejects.toBe(reason);
    await expect(writer.append(rowsFrom(0, 1))).rejects.toBe(reason);
    await expect(writer.close()).rejects.toBe(reason);
    expect(await keysOf(store, '')).toEqual([]);
  });

  it('lets the signal end an append with its reason', async () => {
    const store = new StallingStore(3);
    const stop = new AbortController();
    const writer = open(store, { signal: stop.signal });
    const writing = writer.append(noisyRows(300_000).rows());
    while (store.taken < 3) await turns(1);
    const reason = new Error('deadline');
    stop.abort(reason);
    await expect(writing).rejects.toBe(reason);
    store.resume();
    await writer.abort();
    expect(await keysOf(store, '')).toEqual([]);
  });

  it('and then fails, fails the append and everything after it with its error', async () => {
    const store = new StallingStore(3);
    const writer = open(store);
    const writing = writer.append(noisyRows(300_000).rows());
    while (store.taken < 3) await turns(1);
    const fault = new Error('disk full');
    store.resume(fault);
    await expect(writing).rejects.toBe(fault);
    await expect(writer.append(rowsFrom(0, 1))).rejects.toBe(fault);
    await expect(writer.close()).rejects.toBe(fault);
  });
});

describe('a writer', () => {
  it('that met a row that does not fit only fails afterwards, so nobody commits half', async () => {
    const writer = open(new MemoryObjectStore());
    await expect(writer.append([...rowsFrom(1, 2), { id: 'x' }])).rejects.toThrow(
      'dataset "orders", row 3 does not fit',
    );
    await expect(writer.close()).rejects.toMatchObject({ name: errorNames.validation });
  });

  it('that is closed takes no rows, gives the same entry again, and cannot be aborted any more', async () => {
    const store = new MemoryObjectStore();
    const writer = open(store);
    await writer.append(rowsFrom(1, 1));
    const entry = await writer.close();
    expect(await writer.close()).toBe(entry);
    await expect(writer.append(rowsFrom(2, 1))).rejects.toThrow('dataset "orders" is closed already');
    await writer.abort();
    expect(await keysOf(store, '')).toEqual(['run/orders/part-00000.ndjson.gz']);
  });

  it('does not begin once its signal has fired', async () => {
    const store = new MemoryObjectStore();
    const reason = new Error('too late');
    const writer = open(store, { signal: AbortSignal.abort(reason) });
    await expect(writer.append(rowsFrom(1, 1))).rejects.toBe(reason);
    expect(await keysOf(store, '')).toEqual([]);
  });
});
