import { describe, expect, test } from 'vitest';
import { readHistory } from '../../../lib/operate/published/read-history.ts';
import { removeDeadRecords } from '../../../lib/operate/published/remove-records.ts';
import { rollBack, withdraw } from '../../../lib/operate/published/roll-back.ts';
import { openVersion } from '../../../lib/operate/published/snapshot.ts';
import { errorOf, keys, memoryWorld, type World } from '../../runtime/fixtures.ts';
import { end, pointerOf, runOnce, setting, storeWith, work } from '../../runtime/publish/world.ts';

const word = { by: 'ada', reason: 'wrong prices', at: '2026-02-01T09:00:00.000Z' };
const back = (world: World, to: number | null = null) => rollBack(world.store, 'sales', { partition: '', to, ...word });
const away = (world: World, version: number) => withdraw(world.store, 'sales', { version, ...word });
const seen = async (world: World, version: number | null = null) =>
  (await openVersion(world.store, 'sales', { partition: '', version })).run_id;

async function published(...runs: string[]): Promise<World> {
  const world = memoryWorld();
  for (const run of runs) await runOnce(world, run, run);
  return world;
}

describe('a rollback', () => {
  test('leads to the version before, again and again, until there is none', async () => {
    const world = await published('r1', 'r2', 'r3');
    await back(world);
    expect(await seen(world)).toBe('r2');
    await back(world);
    expect(await seen(world)).toBe('r1');
    expect((await errorOf(back(world))).message).toBe('sales has no version before 1 that can be read');
  });

  test('may name any version that can be read, and the next run moves on', async () => {
    const world = await published('r1', 'r2', 'r3');
    await back(world, 1);
    expect((await errorOf(back(world, 1))).message).toBe('version 1 is the current one already');
    await back(world, 3);
    expect(await seen(world)).toBe('r3');
    await back(world);
    await runOnce(world, 'r4', 'r4');
    expect(await seen(world)).toBe('r4');
  });

  test('is not undone by a Finalize that is called again', async () => {
    const world = await published('r1');
    const run = await runOnce(world, 'r2', 'r2');
    await back(world);
    await end(world, run).catch(() => undefined);
    expect(await seen(world)).toBe('r1');
  });
});

describe('a withdrawal', () => {
  test('of the current version leads back to the newest that no one withdrew, and to none if all are withdrawn', async () => {
    const world = await published('r1', 'r2', 'r3');
    await away(world, 2);
    expect(await seen(world)).toBe('r3');
    await away(world, 3);
    expect(await seen(world)).toBe('r1');
    await away(world, 1);
    expect((await errorOf(seen(world))).message).toContain('sales has no current version: all were withdrawn');
    await runOnce(world, 'r4', 'r4');
    expect(await seen(world)).toBe('r4');
  });

  test('never leads to a newer version, from which people went back', async () => {
    const world = await published('r1', 'r2', 'r3');
    await back(world);
    await away(world, 2);
    expect(await seen(world)).toBe('r1');
  });

  test('keeps a resume of the run from publishing the same data, and lets it publish other data', async () => {
    const world = await published('r1');
    await runOnce(world, 'r2', 'bad');
    await away(world, 2);
    const again = await work(world, 'r2', 'bad', 1);
    await end(world, again);
    expect(await seen(world)).toBe('r1');
    expect(await pointerOf(world)).toMatchObject({ greatest: 2, partitions: [{ current: 1 }] });
    // Another fingerprint, so that the steps run again.
    const fixed = await work(world, 'r2', 'good', 2, { load: '3', join: '3' });
    await end(world, fixed);
    expect(await seen(world)).toBe('r2');
    expect(await pointerOf(world)).toMatchObject({ greatest: 3, partitions: [{ current: 3 }] });
  });

  test('happens once, and no one gets the version afterwards', async () => {
    const world = await published('r1', 'r2');
    await away(world, 2);
    const said =
      'version 2 of sales was withdrawn by ada at 2026-02-01T09:00:00.000Z: wrong prices; its data is in run r2';
    for (const asked of [() => away(world, 2), () => back(world, 2), () => seen(world, 2)])
      expect((await errorOf(asked() as Promise<unknown>)).message).toBe(said);
  });
});

describe('the history', () => {
  test('has every change, also those that left the pointer, in few requests', async () => {
    const world = memoryWorld();
    for (let number = 1; number <= 90; number += 1) {
      await runOnce(world, `r${number}`, `${number}`, { ...setting, keep: 1 });
      if (number % 9 === 0) await back(world);
    }
    let requests = 0;
    const count =
      <A extends unknown[], R>(ask: (...args: A) => R) =>
      (...args: A): R => {
        requests += 1;
        return ask(...args);
      };
    const { store } = world;
    const counting = storeWith(store, {
      get: count((key: string) => store.get(key)),
      list: count((prefix: string) => store.list(prefix)),
    });
    const { changes, more } = await readHistory(counting, 'sales', 1_000);
    expect(changes.map(({ change }) => change)).toEqual(Array.from({ length: 100 }, (_, index) => 100 - index));
    expect(changes.filter(({ kind }) => kind === 'rolled_back')).toHaveLength(10);
    expect(more).toBe(false);
    expect(requests).toBeLessThanOrEqual(6);
    requests = 0;
    expect(await readHistory(counting, 'sales', 20)).toMatchObject({ more: true });
    expect(requests).toBe(1);
  });
});

describe('records of versions', () => {
  test('go when no reader can be at them: a day after they retired, and those of publishes that died', async () => {
    const world = memoryWorld();
    const dead = await work(world, 'dead', 'x');
    const cut = storeWith(world.store, {
      put: (key, ...more) =>
        key.endsWith('current.json') ? Promise.reject(new Error('killed')) : world.store.put(key, ...more),
    });
    expect((await errorOf(end({ ...world, store: cut }, dead))).message).toBe('killed');
    world.executions.set('arn:dead', 'ABORTED');
    for (const run of ['r2', 'r3', 'r4']) await runOnce(world, run, run, { ...setting, keep: 1 });
    const left = async (hours: number) => {
      await removeDeadRecords(world.store, 'sales', world.clock.time + hours * 3_600_000);
      return (await keys(world.store, 'sales/published/versions/')).map((key) => key.slice(-6, -5));
    };
    expect(await left(24)).toEqual(['2', '3', '4']);
    expect(await left(25)).toEqual(['3', '4']);
  });
});
