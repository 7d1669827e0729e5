import { beforeEach, describe, expect, test } from 'vitest';
import type { Window } from '../../../lib/contract/partitions/window.ts';
import type { DatasetEntry } from '../../../lib/contract/records/dataset.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import { earlierNames, readWindow } from '../../../lib/runtime/partitions/read-window.ts';
import { errorOf } from '../fixtures.ts';

const rule = { by: 'day', timezone: 'Europe/Berlin' } as const;
const window: Window = { step: 'join', dataset: 'revenue', back: 3, missing: 'error', rule };

const entryOf = (rows: number, content: string, columns: object = { amount: 'DOUBLE' }): DatasetEntry => ({
  columns: columns as DatasetEntry['columns'],
  format: 'parquet',
  rows,
  bytes: rows * 10,
  content_digest: content,
  parts: [{ key: `sales/runs/r-${content}/part`, rows, bytes: rows * 10, sha256: content }],
});

let store: MemoryObjectStore;
const versions = new Map<string, number | null>();

/** Publishes an entry for a partition, as Finalize leaves it. */
async function publish(partition: string, version: number, entry: DatasetEntry, dataset = 'revenue'): Promise<void> {
  const record = {
    version,
    partition,
    run_id: 'r',
    datasets: [{ step: 'join', dataset, ...entry }],
    format: 1,
    seal: '',
  };
  await store.put(`sales/published/versions/${version}.json`, JSON.stringify(record));
  versions.set(partition, version);
  await point();
}

async function point(): Promise<void> {
  const partitions = [...versions].map(([partition, current]) => ({ partition, current, fence: 1, versions: [] }));
  const empty = { withdrawn: [], retired: [], changes: [] };
  const pointer = { format: 1, pipeline: 'sales', greatest: 9, partitions, ...empty };
  await store.put('sales/published/current.json', JSON.stringify(pointer));
}

beforeEach(() => {
  store = new MemoryObjectStore();
  versions.clear();
});

const read = (over: Partial<Window> = {}, partition = '2026-10-27') =>
  readWindow(store, 'sales', { window: { ...window, ...over }, partition });

describe('a window', () => {
  test('is one dataset of the published parts, the earliest first, and a list of what was read', async () => {
    await publish('2026-10-26', 3, entryOf(3, 'ccc'));
    await publish('2026-10-24', 1, entryOf(1, 'aaa'));
    await publish('2026-10-25', 2, entryOf(2, 'bbb'));
    // Of other partitions: its own, and one before the window.
    await publish('2026-10-27', 4, entryOf(50, 'ddd'));
    await publish('2026-10-23', 5, entryOf(60, 'eee'));
    const found = await read();
    expect(found.made?.datasets.revenue).toMatchObject({ rows: 6, bytes: 60, columns: { amount: 'DOUBLE' } });
    expect(found.made?.datasets.revenue?.parts.map(({ sha256 }) => sha256)).toEqual(['aaa', 'bbb', 'ccc']);
    expect(found.made?.result).toEqual([
      { partition: '2026-10-24', version: 1, content_digest: 'aaa' },
      { partition: '2026-10-25', version: 2, content_digest: 'bbb' },
      { partition: '2026-10-26', version: 3, content_digest: 'ccc' },
    ]);
  });

  test('has the same digest when the same content is published again, and another one for other content', async () => {
    for (const [index, day] of ['24', '25', '26'].entries())
      await publish(`2026-10-${day}`, index + 1, entryOf(1, day));
    const first = (await read()).digest;
    await publish('2026-10-25', 7, entryOf(1, '25'));
    expect((await read()).digest).toBe(first);
    await publish('2026-10-25', 8, entryOf(1, 'late data'));
    expect((await read()).digest).not.toBe(first);
  });

  test('without a published partition is an error with the ways out, or leaves it out', async () => {
    await publish('2026-10-24', 1, entryOf(1, 'aaa'));
    versions.set('2026-10-25', null);
    await point();
    const error = await errorOf(read());
    expect(error).toMatchObject({ name: 'PermanentError' });
    expect(error.message).toContain('"join.revenue" is not published for 2026-10-25, 2026-10-26; run them first');
    expect(error.message).toContain('backfill sales --from 2026-10-25 --to 2026-10-26 --missing --failed');
    expect((await read({ missing: 'skip' })).made?.result).toEqual([
      { partition: '2026-10-24', version: 1, content_digest: 'aaa' },
    ]);
  });

  test('ends at the first partition of the pipeline, where nothing is missing', async () => {
    await publish('2026-10-26', 1, entryOf(1, 'aaa'));
    const found = await read({ rule: { ...rule, start: '2026-10-26' } });
    expect(found.made?.result).toHaveLength(1);
    const none = { ...window, rule: { ...rule, start: '2026-10-27' } };
    expect((await read(none)).made).toEqual({ result: [], datasets: {}, files: {} });
    // Without a partition it has no rows, but the columns of the run's own dataset.
    const own = { made: { result: null, datasets: { revenue: entryOf(5, 'own') }, files: {} } } as never;
    const empty = await readWindow(store, 'sales', { window: none, partition: '2026-10-27', own });
    expect(empty.made?.datasets.revenue).toMatchObject({ rows: 0, bytes: 0, parts: [], columns: { amount: 'DOUBLE' } });
  });

  test('of partitions with other columns, or of one without the dataset, is an error', async () => {
    await publish('2026-10-25', 1, entryOf(1, 'aaa'));
    await publish('2026-10-26', 2, entryOf(1, 'bbb', { amount: 'VARCHAR' }));
    expect((await errorOf(read({ back: 2 }))).message).toContain('of 2026-10-26 has the columns {"amount":"VARCHAR"}');
    await publish('2026-10-26', 3, entryOf(1, 'bbb'), 'other');
    expect((await errorOf(read({ back: 1 }))).message).toContain('has no dataset "join.revenue"');
  });
});

test.each([
  [rule, '2026-10-26', ['2026-10-23', '2026-10-24', '2026-10-25']],
  [
    { by: 'hour', timezone: 'Europe/Berlin' } as const,
    '2026-10-25T03',
    ['2026-10-25T01', '2026-10-25T02+02:00', '2026-10-25T02+01:00'],
  ],
  [{ by: 'week', timezone: 'UTC' } as const, '2027-W02', ['2026-W52', '2026-W53', '2027-W01']],
  [{ by: 'month', timezone: 'UTC' } as const, '2026-02', ['2025-11', '2025-12', '2026-01']],
])('by %j, before %s lie %j', (cut, partition, names) => {
  expect(earlierNames(partition, { back: 3, rule: cut })).toEqual(names);
});
