import { describe, expect, test } from 'vitest';
import type { WaitPayload } from '../../../lib/contract/resolve-event.ts';
import { compareRanks, wait } from '../../../lib/runtime/execution/wait.ts';
import { aRun, memoryWorld, stored, type World } from '../fixtures.ts';

const rank: WaitPayload['rank'] = [0, '2026-01-01T00:00:00.000Z', 0];
const waiting = (world: World, over: Partial<WaitPayload> = {}) =>
  wait({ run: aRun(), step: 'join', awaits: ['a', 'b'], token: 't1', rank, ...over }, world);
const settle = (world: World, step: string) =>
  world.store.put(`sales/runs/r1/executions/1/outcomes/${step}.json`, JSON.stringify({ step, outcome: 'skipped' }));
const record = (world: World) => stored(world.store, 'sales/runs/r1/executions/1/waits/join.json');

describe('a wait', () => {
  test('leaves its token while an outcome is missing', async () => {
    const world = memoryWorld();
    await settle(world, 'a');
    expect(await waiting(world)).toEqual({ ready: false });
    expect(await record(world)).toEqual({ token: 't1', rank });
    expect(world.answered).toEqual([]);
  });

  test('answers itself when all outcomes are there', async () => {
    const world = memoryWorld();
    await settle(world, 'a');
    await settle(world, 'b');
    expect(await waiting(world)).toEqual({ ready: true });
    expect(world.answered).toEqual(['t1']);
  });

  test('of a higher rank replaces the token; of a lower one it leaves it alone and does not answer', async () => {
    const world = memoryWorld();
    await waiting(world);
    await waiting(world, { token: 't2', rank: [0, rank[1], 1] });
    await settle(world, 'a');
    await settle(world, 'b');
    expect(await waiting(world)).toEqual({ ready: false });
    expect(await record(world)).toMatchObject({ token: 't2' });
    expect(world.answered).toEqual([]);
  });

  test.each(['', '{"step":"a","outc', '{"step":"a","outcome":"skipped","seal":"0"}'])(
    'takes the damaged outcome %j as settled: the step that reads it fails at once',
    async (damaged) => {
      const world = memoryWorld();
      await world.store.put('sales/runs/r1/executions/1/outcomes/a.json', damaged);
      expect(await waiting(world)).toEqual({ ready: false });
      await settle(world, 'b');
      expect(await waiting(world, { token: 't2', rank: [0, rank[1], 1] })).toEqual({ ready: true });
      expect(world.answered).toEqual(['t2']);
    },
  );

  test('that is invoked twice looks twice', async () => {
    const world = memoryWorld();
    await waiting(world);
    await settle(world, 'a');
    await settle(world, 'b');
    expect(await waiting(world)).toEqual({ ready: true });
  });
});

test.each([
  [
    [0, '2026-01-01T00:00:00.000Z', 5],
    [1, '2026-01-01T00:00:00.000Z', 0],
  ],
  [
    [0, '2026-01-01T00:00:00.000Z', 5],
    [0, '2026-01-01T00:00:00.001Z', 0],
  ],
  [
    [0, '2026-01-01T00:00:00Z', 0],
    [0, '2026-01-01T00:00:00.500Z', 0],
  ],
  [
    [0, '2026-01-01T00:00:00.000Z', 9],
    [0, '2026-01-01T00:00:00.000Z', 10],
  ],
] as [WaitPayload['rank'], WaitPayload['rank']][])(
  '%j ranks below %j: redrives, then the entry, then retries',
  (low, high) => {
    expect(compareRanks(low, high)).toBeLessThan(0);
    expect(compareRanks(high, low)).toBeGreaterThan(0);
    expect(compareRanks(low, low)).toBe(0);
  },
);
