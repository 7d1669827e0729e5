import { expect, test } from 'vitest';
import type { PartitionTurn } from '../../../lib/contract/partitions/partition-ledger.ts';
import {
  beginBackfill,
  endBackfill,
  isDone,
  unfinishedBackfill,
} from '../../../lib/operate/partitions/keep-backfill.ts';
import type { PartitionState, PartitionStatus } from '../../../lib/operate/partitions/partition-state.ts';
import { backfillRun } from '../../../lib/operate/partitions/plan-backfill.ts';
import { priceOfRuns } from '../../../lib/operate/partitions/price.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';

const began = Date.parse('2026-02-01T10:00:00Z');
const request = { from: '2026-01-01', to: '2026-01-31', which: ['failed', 'missing'], steps: [] };
const items = [{ partition: '2026-01-05', status: 'missing' }];

test('a backfill that has not ended is continued by the same request, and by no other one', async () => {
  const store = new MemoryObjectStore();
  expect(await unfinishedBackfill(store, 'sales', request)).toBeNull();
  const first = await beginBackfill(store, 'sales', { request, items, now: began });
  expect(first).toMatchObject({
    id: expect.stringMatching(/^backfill-2026-02-01-100000-[0-9a-f]{6}$/),
    ended_at: null,
  });
  expect(await beginBackfill(store, 'sales', { request, items: [], now: began + 1 })).toEqual(first);
  expect(await unfinishedBackfill(store, 'sales', request)).toEqual(first);
  for (const other of [
    { ...request, to: '2026-01-30' },
    { ...request, which: ['missing'] },
    { ...request, steps: ['a'] },
  ])
    expect(await unfinishedBackfill(store, 'sales', other)).toBeNull();
  await endBackfill(store, 'sales', first, began + 2);
  expect(await unfinishedBackfill(store, 'sales', request)).toBeNull();
  expect((await beginBackfill(store, 'sales', { request, items, now: began + 3 })).id).not.toBe(first.id);
});

const turn = (over: Partial<PartitionTurn>): PartitionTurn => ({
  run_id: 'r1',
  execution: 1,
  execution_arn: 'arn:1',
  fence: 1,
  status: 'SUCCEEDED',
  started_at: '2026-02-01T10:00:01.000Z',
  ended_at: '2026-02-01T10:00:02.000Z',
  ...over,
});
const stateOf = (status: PartitionStatus, over: Partial<PartitionState> = {}): PartitionState => ({
  partition: { name: '2026-01-05', start: '', end: '' },
  status,
  changed: [],
  last: null,
  good: null,
  version: null,
  ...over,
});

test.each([
  [turn({}), true],
  // It failed in this backfill: starting again does not repeat it.
  [turn({ status: 'FAILED' }), true],
  [turn({ status: 'TIMED_OUT' }), true],
  [turn({ status: 'ABORTED' }), false],
  [turn({ status: 'RUNNING', ended_at: null }), false],
  [turn({ started_at: '2026-02-01T09:59:59.000Z' }), false],
  [null, false],
])('a partition with the last execution %j is done: %s', (last, done) => {
  expect(isDone(stateOf('missing', { last }), { began_at: '2026-02-01T10:00:00.000Z' })).toBe(done);
});

test('a failed or stale partition continues its run, a missing one and one whose run was removed get a new one', async () => {
  const store = new MemoryObjectStore();
  for (const key of ['run.json', 'executions/1.json']) await store.put(`sales/runs/r1/${key}`, '{}');
  const kinds = async (state: PartitionState, steps: readonly string[] = []) =>
    backfillRun(store, 'sales', { state, backfill: { id: 'b', steps } });
  const good = { run_id: 'r1', execution: 1, fence: 1, ended_at: '', code: null };
  const whole = { run_id: 'b-2026-01-05', kind: 'new', from: [] };
  const last = turn({ status: 'FAILED' });
  expect(await kinds(stateOf('missing'))).toEqual(whole);
  expect(await kinds(stateOf('failed', { last }))).toEqual({ run_id: 'r1', kind: 'resume', from: [] });
  expect(await kinds(stateOf('failed', { last: { ...last, run_id: 'gone' } }))).toEqual(whole);
  expect(await kinds(stateOf('stale', { good }))).toEqual({ run_id: 'r1', kind: 'resume', from: [] });
  expect(await kinds(stateOf('stale', { good }), ['a'])).toEqual({ run_id: 'r1', kind: 'resume', from: ['a'] });
  // A good one is asked for as a whole, or for its steps.
  expect(await kinds(stateOf('good', { good }))).toEqual(whole);
  expect(await kinds(stateOf('good', { good }), ['a'])).toEqual({ run_id: 'r1', kind: 'resume', from: ['a'] });
  const hour = { name: '2026-10-25T02+01:00', start: '', end: '' };
  expect(await kinds(stateOf('missing', { partition: hour }))).toMatchObject({ run_id: 'b-2026-10-25T02p0100' });
});

test('1,000 runs of the example cost what docs/costs.md says', () => {
  // 8.96 GB-seconds over its 9 steps of 1,024 MB.
  const steps = Array.from({ length: 9 }, () => ({ ms: 8964 / 9, memoryMb: 1024 }));
  expect(priceOfRuns(1000, steps)).toBeCloseTo(1.03, 2);
  expect(priceOfRuns(53, [{ ms: null, memoryMb: 1024 }])).toBeCloseTo((53 * 0.9105) / 9000, 6);
});
