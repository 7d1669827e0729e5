import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PartitionLedger } from '../../../lib/contract/partitions/partition-ledger.ts';
import type { ExecutionEnd } from '../../../lib/contract/records/execution.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import { nameOfCode, noteEnd, noteStart } from '../../../lib/runtime/partitions/note-turn.ts';
import { aRun, stored } from '../fixtures.ts';

const day = (name: string) => ({ name, start: `${name}T00:00:00Z`, end: `${name}T23:59:59Z` });
const turnOf = (fence: number, name = '2026-01-31') =>
  aRun({ run_id: `r${fence}`, execution_arn: `arn:${fence}`, partition: day(name), lease: { key: name, fence } });
const endOf = (status: ExecutionEnd['status'], fence: number): ExecutionEnd => ({
  execution: 1,
  status,
  ended_at: `2026-02-01T02:00:0${fence}.000Z`,
  failed: [],
  blocked: [],
  failure: null,
});
const ledger = (store: MemoryObjectStore, part = '2026') =>
  stored<PartitionLedger>(store, `sales/partitions/${part}.json`);

test('a partition has its last turn, and the last one that succeeded with its code', async () => {
  const store = new MemoryObjectStore();
  const code = { extract: 'aaa', report: 'bbb' };
  await noteStart(store, turnOf(1));
  expect((await ledger(store))?.partitions['2026-01-31']).toMatchObject({
    last: { run_id: 'r1', status: 'RUNNING', ended_at: null, fence: 1 },
    good: null,
  });
  await noteEnd(store, turnOf(1), { end: endOf('SUCCEEDED', 1), code });
  await noteStart(store, turnOf(2));
  await noteEnd(store, turnOf(2), { end: endOf('FAILED', 2), code: { extract: 'ccc' } });
  expect(await ledger(store)).toEqual({
    partitions: {
      '2026-01-31': {
        last: {
          run_id: 'r2',
          execution: 1,
          execution_arn: 'arn:2',
          fence: 2,
          status: 'FAILED',
          started_at: '2026-02-01T01:00:00.000Z',
          ended_at: '2026-02-01T02:00:02.000Z',
        },
        good: { run_id: 'r1', execution: 1, fence: 1, ended_at: '2026-02-01T02:00:01.000Z', code: nameOfCode(code) },
      },
    },
    codes: { [nameOfCode(code)]: code },
  });
});

test('a run without a partition, and a trial, leave no trace', async () => {
  const store = new MemoryObjectStore();
  const { partition: _, ...whole } = turnOf(1);
  for (const run of [whole, { ...turnOf(1), trial: { of: null } }]) {
    await noteStart(store, run);
    await noteEnd(store, run, { end: endOf('SUCCEEDED', 1), code: {} });
  }
  expect(await ledger(store)).toBeNull();
});

test.each([
  ['2026-01-31', '2026'],
  ['2026-01-31T13', '2026-01'],
  ['2026-10-25T02+01:00', '2026-10'],
  ['2026-W48', 'weeks-202x'],
  ['2026-01', 'months-20xx'],
])('%s is in the ledger %s', async (name, part) => {
  const store = new MemoryObjectStore();
  await noteStart(store, turnOf(1, name));
  expect(Object.keys((await ledger(store, part))?.partitions ?? {})).toEqual([name]);
});

/** Notes of one turn, each perhaps twice and at any time; the ledger must end as if each turn had been noted once, in the order of fences. */
test('in any order and however often turns are noted, and side by side, the ledger ends the same', async () => {
  const statuses = ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;
  const turns = fc.array(fc.constantFrom(...statuses), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(turns, fc.infiniteStream(fc.nat()), fc.boolean(), async (ends, chance, together) => {
      const store = new MemoryObjectStore();
      const notes = ends.flatMap((status, index) => {
        const fence = index + 1;
        const end = { end: endOf(status, fence), code: { step: `code ${fence}` } };
        const note = () => noteEnd(store, turnOf(fence), end);
        return [() => noteStart(store, turnOf(fence)), note, note];
      });
      const shuffled = notes
        .map((note) => ({ note, at: chance.next().value ?? 0 }))
        .sort((a, b) => a.at - b.at)
        .map(({ note }) => note);
      if (together) await Promise.all(shuffled.map((note) => note()));
      else for (const note of shuffled) await note();
      const found = await ledger(store);
      const entry = found?.partitions['2026-01-31'];
      const good = ends.lastIndexOf('SUCCEEDED') + 1;
      expect(entry?.last).toMatchObject({ fence: ends.length, status: ends.at(-1) });
      expect(entry?.good?.fence ?? 0).toBe(good);
      expect(Object.values(found?.codes ?? {})).toEqual(good > 0 ? [{ step: `code ${good}` }] : []);
    }),
    { numRuns: 150 },
  );
});
