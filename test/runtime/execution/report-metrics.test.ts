import { expect, test, vi } from 'vitest';
import type { RunContext } from '../../../lib/contract/payloads.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import { countEnd, reportFreshness } from '../../../lib/runtime/execution/report-metrics.ts';
import { SetClock } from '../../ports/set-clock.ts';

const run = { pipeline: 'sales', run_id: 'r1', execution: 1, started_at: '2026-01-01T01:00:00.000Z' } as RunContext;
const end = {
  execution: 1,
  status: 'FAILED',
  ended_at: '2026-01-01T01:00:09.000Z',
  failed: [],
  blocked: [],
  failure: null,
} as const;

/** The lines that a process with this setting prints. */
async function printedWith(level: string | undefined, work: () => Promise<void>): Promise<string[]> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.stubEnv('DAYBREAK_METRICS', level);
  try {
    await work();
    return write.mock.calls.map(([line]) => String(line));
  } finally {
    vi.unstubAllEnvs();
    write.mockRestore();
  }
}

const ports = () => {
  const clock = new SetClock();
  clock.time = Date.parse('2026-01-02T01:00:09.000Z');
  return { store: new MemoryObjectStore(), clock };
};

test('Finalize and Reconcile report the same end twice, and its metrics are printed once', async () => {
  const shared = ports();
  const lines = await printedWith('pipeline', async () => {
    await countEnd(shared, run, { end, outcomes: [] });
    await countEnd(shared, run, { end, outcomes: [] });
  });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ Pipeline: 'sales', RunsFailed: 1, Duration: 9 }]);
});

test('without the setting nothing is printed, and the store has the sums', async () => {
  const shared = ports();
  const work = async () => {
    await countEnd(shared, run, { end, outcomes: [] });
    await reportFreshness(shared, 'sales');
  };
  expect(await printedWith(undefined, work)).toEqual([]);
  const kept = await shared.store.get('sales/history.json');
  expect(JSON.parse(Buffer.from(kept?.body ?? []).toString())).toMatchObject({ totals: { ends: { FAILED: 1 } } });
});

test('the sweep prints the age of the latest success, and a fault of the store stops nothing', async () => {
  const shared = ports();
  const lines = await printedWith('steps', async () => {
    await countEnd(shared, run, { end: { ...end, status: 'SUCCEEDED' }, outcomes: [] });
    await reportFreshness(shared, 'sales');
    shared.store.get = () => Promise.reject(new Error('503'));
    await reportFreshness(shared, 'sales');
  });
  expect(lines).toHaveLength(2);
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ Pipeline: 'sales', Freshness: 86_400 });
});
