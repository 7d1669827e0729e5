import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { BorrowingStore } from '../../../lib/ports/borrowing-store.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import { keysOf } from '../object-store.conformance.ts';

const scratch = join(tmpdir(), `daybreak-borrowing-${process.pid}`);
afterAll(() => rm(scratch, { recursive: true, force: true }));

const textOf = async (found: Promise<{ readonly body: Uint8Array } | null>): Promise<string | null> => {
  const object = await found;
  return object && Buffer.from(object.body).toString();
};

/** A store with a forked run, and the store of its original. `opened` counts how often that was asked for. */
async function forked() {
  const [own, original] = [new MemoryObjectStore(), new MemoryObjectStore()];
  await original.put('sales/runs/night/data/a/rows/part-0.parquet', 'twelve bytes');
  await original.put('sales/runs/other/data/a/x', 'of another run');
  const origin = { store: 's3://night', run_id: 'night', executions: 1 };
  await own.put('sales/runs/fork/run.json', JSON.stringify({ origin }));
  await own.put('sales/runs/plain/run.json', '{}');
  await own.put('sales/runs/broken/run.json', '{"origin":');
  const opened: unknown[] = [];
  const open = async (asked: unknown) => {
    opened.push(asked);
    return original;
  };
  return { own, original, opened, store: new BorrowingStore(own, open, scratch) };
}

const part = 'sales/runs/fork/origin/data/a/rows/part-0.parquet';

test('an object of the original run is fetched once, when it is first read, and kept', async () => {
  const { own, original, opened, store } = await forked();
  expect(await store.unfetched(part)).toBe('twelve bytes'.length);
  expect(await keysOf(own, 'sales/runs/fork/')).toEqual(['sales/runs/fork/run.json']);
  expect(await textOf(store.get(part))).toBe('twelve bytes');
  expect(await store.unfetched(part)).toBeUndefined();
  await original.delete('sales/runs/night/data/a/rows/part-0.parquet');
  expect(await textOf(store.get(part))).toBe('twelve bytes');
  expect(await textOf(own.get(part))).toBe('twelve bytes');
  expect(opened).toEqual([{ store: 's3://night', run_id: 'night', executions: 1 }]);
});

test('what the original lacks is missing, and no other key leads to another store', async () => {
  const { opened, store } = await forked();
  const gone = 'sales/runs/fork/origin/data/a/rows/part-1.parquet';
  expect([await store.get(gone), await store.read(gone), await store.unfetched(gone)]).toEqual([null, null, null]);
  expect(await store.download(gone, join(scratch, 'gone'))).toBe(false);
  expect(opened).toHaveLength(1);
  for (const run of ['plain', 'broken', 'none'])
    expect(await store.get(`sales/runs/${run}/origin/data/a/rows/part-0.parquet`)).toBeNull();
  for (const key of ['sales/runs/fork/data/a/x', 'sales/runs/fork/origin', 'sales/other/fork/origin/data/a/x'])
    expect([await store.get(key), await store.unfetched(key)]).toEqual([null, undefined]);
  expect(opened).toHaveLength(1);
});
