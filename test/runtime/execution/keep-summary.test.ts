import { expect, test } from 'vitest';
import type { RunContext } from '../../../lib/contract/payloads.ts';
import type { RunHistory } from '../../../lib/contract/records/history.ts';
import type { Outcome } from '../../../lib/contract/records/outcome.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import { keepSummary } from '../../../lib/runtime/execution/keep-summary.ts';
import { readJson } from '../../../lib/runtime/records/json-objects.ts';

const run = (id: string): RunContext =>
  ({ pipeline: 'sales', run_id: id, execution: 1, started_at: '2026-01-01T01:00:00.000Z' }) as RunContext;
const end = {
  execution: 1,
  status: 'SUCCEEDED',
  ended_at: '2026-01-01T01:00:09.000Z',
  failed: [],
  blocked: [],
  failure: null,
} as const;
const outcome = (facts: Partial<Outcome>): Outcome =>
  ({
    step: 'join',
    outcome: 'succeeded',
    execution: 1,
    attempts: 2,
    started_at: '2026-01-01T01:00:03.000Z',
    ended_at: '2026-01-01T01:00:08.000Z',
    causes: [],
    failure: null,
    manifest: null,
    digest: null,
    ...facts,
  }) as Outcome;
const history = (store: MemoryObjectStore) => readJson<RunHistory>(store, 'sales/history.json');
const began = Date.parse('2026-01-01T01:00:00.000Z');

test('an execution is in the history once, with the spans of ancestors that Finalize did not read', async () => {
  const store = new MemoryObjectStore();
  const spans = { extract: [began, began + 2_000, 1, 5, 50], join: [began + 3_000, began + 8_000, 2, 7, 70] } as const;
  const last = outcome({ all_succeeded: true, spans });
  const implied = { step: 'extract', outcome: 'succeeded', causes: [], failure: null } as const;
  for (let call = 0; call < 2; call += 1) await keepSummary(store, run('r1'), { end, outcomes: [implied, last] });
  const { ended_at } = end;
  const times = { started_at: '2026-01-01T01:00:00.000Z', ended_at };
  expect(await history(store)).toMatchObject({
    runs: [{ run_id: 'r1', execution: 1, status: 'SUCCEEDED', ...times, steps: spans }],
  });
});

test('of a failed run the steps that succeeded count, and a run without one is only counted', async () => {
  const store = new MemoryObjectStore();
  const failed = outcome({ step: 'extract', outcome: 'failed' });
  await keepSummary(store, run('r1'), { end: { ...end, status: 'FAILED' }, outcomes: [failed] });
  expect(await history(store)).toMatchObject({ runs: [], totals: { ends: { FAILED: 1 } } });
  await keepSummary(store, run('r2'), { end: { ...end, status: 'FAILED' }, outcomes: [failed, outcome({})] });
  expect((await history(store))?.runs).toMatchObject([
    { run_id: 'r2', steps: { join: [began + 3_000, began + 8_000, 2, 0, 0] } },
  ]);
});

test('the history holds the latest 30 runs', async () => {
  const store = new MemoryObjectStore();
  for (let number = 0; number < 35; number += 1)
    await keepSummary(store, run(`r${number}`), { end, outcomes: [outcome({})] });
  const runs = (await history(store))?.runs.map(({ run_id }) => run_id);
  expect(runs).toHaveLength(30);
  expect(runs?.slice(0, 2)).toEqual(['r34', 'r33']);
});

test('a fault of the store does not reach the run', async () => {
  const store = new MemoryObjectStore();
  store.put = () => Promise.reject(new Error('503'));
  await expect(keepSummary(store, run('r1'), { end, outcomes: [outcome({})] })).resolves.toBe(null);
});

test('the call whose write counts an execution gets its figures, and no other one does', async () => {
  const store = new MemoryObjectStore();
  const calls = await Promise.all([1, 2, 3].map(() => keepSummary(store, run('r1'), { end, outcomes: [outcome({})] })));
  expect(calls.filter((figures) => figures !== null)).toHaveLength(1);
  expect((await history(store))?.totals?.ends.SUCCEEDED).toBe(1);
});
