import { describe, expect, test } from 'vitest';
import type { PublishedVersion } from '../../../lib/contract/published/published-version.ts';
import { errorOf, keys, memoryWorld, stored, type World } from '../fixtures.ts';
import { end, pointerOf, runOnce, setting, storeWith, work } from './world.ts';

const record = (world: World, version: number) =>
  stored<PublishedVersion>(world.store, `sales/published/versions/${version}.json`);
const endOf = (world: World, run: string, execution = 1) =>
  stored(world.store, `sales/runs/${run}/executions/${execution}/end.json`);
const current = async (world: World) => (await pointerOf(world))?.partitions[0]?.current;

describe('an execution that succeeds', () => {
  test('makes all datasets visible as one version, which names the data where the steps wrote it', async () => {
    const world = memoryWorld();
    await runOnce(world, 'r1', 'a');
    expect(await pointerOf(world)).toMatchObject({
      format: 1,
      pipeline: 'sales',
      greatest: 1,
      partitions: [{ partition: '', current: 1, fence: 1, versions: [{ version: 1, run_id: 'r1', execution: 1 }] }],
      changes: [
        {
          ...{ change: 1, kind: 'published', before: null, after: 1, by: null },
          summary: { run_id: 'r1', execution: 1, rows: 2, checks: 0, violated: 0 },
        },
      ],
    });
    const version = await record(world, 1);
    expect(version).toMatchObject({ version: 1, partition: '', pipeline_version: '1.0.0', run_id: 'r1', input: {} });
    expect(version?.datasets.map(({ step, dataset, rows, columns }) => [step, dataset, rows, columns])).toEqual([
      ['load', 'orders', 1, { content: 'VARCHAR' }],
      ['join', 'revenue', 1, { content: 'VARCHAR' }],
    ]);
    const stored = await keys(world.store, 'sales/runs/r1/data/');
    expect(version?.datasets.flatMap(({ parts }) => parts.map(({ key }) => key)).sort()).toEqual(stored);
    expect(await endOf(world, 'r1')).toMatchObject({ status: 'SUCCEEDED', published: { partition: '', version: 1 } });
  });

  test('publishes once, however often Finalize is called', async () => {
    const world = memoryWorld();
    const run = await runOnce(world, 'r1', 'a');
    const before = await pointerOf(world);
    await errorOf(end(world, run)).catch(() => undefined);
    expect(await pointerOf(world)).toEqual(before);
    expect(await keys(world.store, 'sales/published/versions/')).toEqual(['sales/published/versions/1.json']);
  });

  test('sends no request to what is published if its pipeline publishes nothing', async () => {
    const world = memoryWorld();
    const run = await work(world, 'r1', 'a');
    const asked: string[] = [];
    const { store } = world;
    const watched = storeWith(store, {
      get: (key) => {
        asked.push(key);
        return store.get(key);
      },
      put: (key, ...more) => {
        asked.push(key);
        return store.put(key, ...more);
      },
    });
    await end({ ...world, store: watched }, run, null);
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.filter((key) => key.includes('/published/'))).toEqual([]);
  });

  test('publishes nothing as a trial', async () => {
    const world = memoryWorld();
    const run = await work(world, 'r1', 'a');
    await end(world, { ...run, trial: { of: null } });
    expect(await pointerOf(world)).toBeNull();
    expect(await endOf(world, 'r1')).not.toHaveProperty('published');
  });
});

describe('an execution that does not publish', () => {
  test('fails when a step wrote no dataset of the name, and readers keep the version that they have', async () => {
    const world = memoryWorld();
    await runOnce(world, 'r1', 'a');
    const wrong = { ...setting, datasets: { load: ['orders', 'refunds'] } };
    const error = await errorOf(runOnce(world, 'r2', 'b', wrong));
    expect(error).toMatchObject({
      name: 'PipelineFailed',
      message:
        'Run r2 of sales publishes nothing: step "load" wrote no dataset "refunds"; it wrote "orders".\nResume with: npx daybreak resume sales r2',
    });
    expect(await endOf(world, 'r2')).toMatchObject({ status: 'FAILED' });
    expect(await current(world)).toBe(1);
  });

  test('fails when a later holder of the lease published after its look at the fence', async () => {
    const world = memoryWorld();
    const late = await work(world, 'late', 'old');
    world.executions.set('arn:late', 'ABORTED');
    const next = await work(world, 'next', 'new');
    // The late one sees the lease as it was when it had it.
    const held = { body: Buffer.from(JSON.stringify({ fence: 1, holder: {} })), etag: 'stale' };
    let looks = 0;
    const blind = storeWith(world.store, {
      get: async (key) => (key.endsWith('/leases/_all.json') && ++looks === 1 ? held : world.store.get(key)),
    });
    await end(world, next);
    const error = await errorOf(end({ ...world, store: blind }, late));
    expect(error).toMatchObject({ name: 'LeaseLost' });
    expect(await pointerOf(world)).toMatchObject({
      partitions: [{ current: 1, fence: 2, versions: [{ run_id: 'next' }] }],
    });
  });

  test('fails when its runs do not take turns, since no one could say which version is newer', async () => {
    const world = memoryWorld();
    const { lease: _, ...run } = await work(world, 'r1', 'a');
    expect((await errorOf(end(world, run))).message).toContain('publishes nothing: its runs do not take turns');
  });
});

describe('versions that are too many', () => {
  test('can no longer be read, and the pointer names them for a day, so that their data stays', async () => {
    const world = memoryWorld();
    const keep = { ...setting, keep: 1 };
    for (const run of ['r1', 'r2', 'r3']) {
      world.clock.time += 3_600_000;
      await runOnce(world, run, run, keep);
    }
    expect(await pointerOf(world)).toMatchObject({
      partitions: [{ current: 3, versions: [{ version: 2 }, { version: 3 }] }],
      retired: [{ version: 1, run_id: 'r1', retired_at: '2026-02-01T04:00:00.000Z' }],
    });
    world.clock.time += 25 * 3_600_000;
    await runOnce(world, 'r4', 'r4', keep);
    expect(await pointerOf(world)).toMatchObject({
      partitions: [{ current: 4, versions: [{ version: 3 }, { version: 4 }] }],
      retired: [{ version: 2 }],
    });
  });
});

describe('changes of the pointer', () => {
  test('are never lost: the oldest leave it in blocks of twenty, numbered without gaps', async () => {
    const world = memoryWorld();
    for (let number = 1; number <= 45; number += 1)
      await runOnce(world, `r${number}`, `${number}`, { ...setting, keep: 0 });
    const pointer = await pointerOf(world);
    const blocks = await keys(world.store, 'sales/published/changes/');
    expect(blocks).toEqual(['sales/published/changes/000000020.json']);
    const block = await stored<{ changes: { change: number }[] }>(world.store, blocks[0] ?? '');
    const numbers = [...(block?.changes ?? []), ...(pointer?.changes ?? [])].map(({ change }) => change);
    expect(numbers).toEqual(Array.from({ length: 45 }, (_, index) => index + 1));
  });
});

test('a start is not held up by a publish that died: the next one takes the next number', async () => {
  const world = memoryWorld();
  const dead = await work(world, 'dead', 'a');
  const cut = storeWith(world.store, {
    put: (key, ...more) =>
      key.endsWith('current.json') ? Promise.reject(new Error('killed')) : world.store.put(key, ...more),
  });
  expect((await errorOf(end({ ...world, store: cut }, dead))).message).toBe('killed');
  world.executions.set('arn:dead', 'ABORTED');
  expect(await pointerOf(world)).toBeNull();
  await runOnce(world, 'next', 'b');
  expect(await pointerOf(world)).toMatchObject({
    greatest: 2,
    partitions: [{ versions: [{ version: 2, run_id: 'next' }] }],
  });
});
