import { describe, expect, test } from 'vitest';
import type { PublishedVersion } from '../../../lib/contract/published/published-version.ts';
import { rollBack } from '../../../lib/operate/published/roll-back.ts';
import { errorOf, memoryWorld, stored } from '../fixtures.ts';
import { begin, covered, current, end, extract, load, newRows, runUpTo } from './world.ts';

const row = (value: number) => [{ step: 'load', name: 'row', value }];

describe('a run that publishes moves its watermark', () => {
  test('and the next one begins after it, with no row left out and none twice', async () => {
    const world = memoryWorld();
    expect(await runUpTo(world, 'r1', 3)).toBe('SUCCEEDED');
    expect(await current(world)).toEqual(row(3));
    expect(await runUpTo(world, 'r2', 5)).toBe('SUCCEEDED');
    expect(await current(world)).toEqual(row(5));
    expect(await covered(world.store, 1)).toEqual({ from: 0, last: 3 });
    expect(await covered(world.store, 2)).toEqual({ from: 3, last: 5 });
    const version = await stored<PublishedVersion>(world.store, 'sales/published/versions/2.json');
    expect(version?.datasets[0]?.rows).toBe(2);
    expect(version?.steps[0]?.watermarks).toEqual([{ name: 'row', read: 3, next: 5 }]);
  });

  test('and one that does not ask for it leaves it where it is', async () => {
    const world = memoryWorld();
    await runUpTo(world, 'r1', 3);
    const run = await begin(world, 'r2');
    await extract(world, run, (step) => step.write('orders', [{ id: 9 }], { columns: { id: 'BIGINT' } }));
    expect(await end(world, run)).toBe('SUCCEEDED');
    expect(await current(world)).toEqual(row(3));
  });

  test('a rollback takes it back with the data', async () => {
    const world = memoryWorld();
    await runUpTo(world, 'r1', 3);
    await runUpTo(world, 'r2', 5);
    await rollBack(world.store, 'sales', {
      partition: '',
      to: 1,
      by: 'ada',
      reason: 'x',
      at: '2026-02-01T00:00:00.000Z',
    });
    expect(await runUpTo(world, 'r3', 6)).toBe('SUCCEEDED');
    expect(await covered(world.store, 3)).toEqual({ from: 3, last: 6 });
  });
});

describe('a run that does not publish moves nothing', () => {
  test('when its step fails; resumed, it works with the value that it read first', async () => {
    const world = memoryWorld();
    await runUpTo(world, 'r1', 3);
    const run = await begin(world, 'r2');
    await errorOf(
      extract(world, run, async (step) => {
        (await step.watermark('row')).set(5);
        throw new Error('the source broke off');
      }),
    );
    expect(await end(world, run)).toMatch(/1 failed/);
    expect(await current(world)).toEqual(row(3));
    expect(await runUpTo(world, 'r2', 5, 2)).toBe('SUCCEEDED');
    expect(await covered(world.store, 2)).toEqual({ from: 3, last: 5 });
  });

  test('when another run has published the same rows in the meantime: its resume is refused, and says what to do', async () => {
    const world = memoryWorld();
    await runUpTo(world, 'r1', 3);
    const run = await begin(world, 'r2');
    await errorOf(extract(world, run, async (step) => Promise.reject(new Error(String(await step.watermark('row'))))));
    await end(world, run);
    expect(await runUpTo(world, 'r3', 6)).toBe('SUCCEEDED');
    expect(await runUpTo(world, 'r2', 5, 2)).toMatch(
      /read the watermark "row" of step "load" as 3, and by now version 2 of run r3 is published, whose value is 6; .* start a new run/,
    );
    expect(await current(world)).toEqual(row(6));
  });

  test('as a trial', async () => {
    const world = memoryWorld();
    await runUpTo(world, 'r1', 3);
    const run = { ...(await begin(world, 'r2')), trial: { of: null } };
    await extract(world, run, newRows(5));
    expect(await end(world, run)).toBe('SUCCEEDED');
    expect(await current(world)).toEqual(row(3));
  });
});

test('a further execution of the same run reuses the step, or reads the same value, and takes the place of its version', async () => {
  const world = memoryWorld();
  await runUpTo(world, 'r1', 3);
  await runUpTo(world, 'r2', 5);
  const reused = await begin(world, 'r2', 2);
  expect(await extract(world, reused, newRows(7))).toMatchObject({ outcome: 'reused' });
  expect(await end(world, reused)).toBe('SUCCEEDED');
  expect(await current(world)).toEqual(row(5));
  const again = await begin(world, 'r2', 3);
  await extract(world, again, newRows(7), { definition: 'another one' });
  expect(await end(world, again)).toBe('SUCCEEDED');
  expect(await covered(world.store, 4)).toEqual({ from: 3, last: 7 });
  expect(await current(world)).toEqual(row(7));
});

describe('an error says', () => {
  const failing = async (handler: Parameters<typeof extract>[2], over: object = {}, partition?: object) => {
    const world = memoryWorld();
    const run = await begin(world, 'r1');
    return (await errorOf(extract(world, { ...run, ...partition } as typeof run, handler, over))).message;
  };
  test('that no publish could move the watermark', async () => {
    const { marks: _, ...plain } = load;
    expect(await failing((step) => step.watermark('row'), { ...plain, marks: undefined })).toMatch(
      /no published dataset of pipeline sales is made of what step load makes/,
    );
  });
  test('that a pipeline with partitions has bounds', async () => {
    const partition = { partition: { name: '2026-01-31', start: 'a', end: 'b' } };
    expect(await failing((step) => step.watermark('row'), { marks: undefined }, partition)).toMatch(/step\.partition/);
  });
  test.each([
    ['a name that is a path', 'a/../b', 1, /is no name/],
    ['undefined', 'row', undefined, /was set to undefined/],
    ['a bigint, which JSON does not have', 'row', 1n, /the bigint 1n is not JSON/],
    ['a value that is too large', 'row', 'x'.repeat(1100), /is 1102 bytes of JSON; at most 1024/],
  ])('what is wrong with %s', async (_, name, value, message) => {
    expect(await failing(async (step) => (await step.watermark(name)).set(value as never))).toMatch(message);
  });
  test('that a step has too many', async () => {
    const many = await failing(async (step) => {
      for (let index = 0; index < 11; index += 1) await step.watermark(`w${index}`);
    });
    expect(many).toMatch(/at most 10 watermarks/);
  });
});

test('a step that asks for none sends no request for it', async () => {
  const world = memoryWorld();
  const run = await begin(world, 'r1');
  await extract(world, run, (step) => step.write('orders', [{ id: 1 }], { columns: { id: 'BIGINT' } }));
  for await (const { key } of world.store.list('sales/')) expect(key).not.toMatch(/watermarks|published/);
  await end(world, run);
  expect(await current(world)).toBeUndefined();
});
