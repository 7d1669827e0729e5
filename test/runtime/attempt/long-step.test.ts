import { describe, expect, test } from 'vitest';
import { errorNames } from '../../../lib/contract/error-names.ts';
import { checkpointKey } from '../../../lib/contract/object-keys.ts';
import type { Checkpoint } from '../../../lib/contract/records/checkpoint.ts';
import type { StepFunction } from '../../../lib/runtime/step.ts';
import { aRun, aStep, attempt, errorOf, keys, memoryWorld, stored, type World } from '../fixtures.ts';
import { drive, longStep, minute } from './long-run.ts';

const columns = { id: 'BIGINT' };

/** Writes the rows 1 to `count`, a batch in so many milliseconds, and notes where each invocation began. */
const extract =
  (world: World, options: { count: number; batch: number; ms: number; began?: number[] }): StepFunction =>
  async (step) => {
    const rows = step.writer('rows', { columns });
    let last: number = step.checkpoint?.cursor ?? 0;
    options.began?.push(last);
    while (last < options.count) {
      const ids = Array.from({ length: Math.min(options.batch, options.count - last) }, (_, index) => last + index + 1);
      world.clock.pass(options.ms);
      await rows.append(ids.map((id) => ({ id })));
      last += ids.length;
      await step.yieldIfDue({ cursor: last });
    }
    return { rows: rows.rowCount };
  };

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

const whole = async (count: number) => {
  const world = memoryWorld();
  return drive(world, { handler: extract(world, { count, batch: count, ms: 1 }) });
};

describe('a step of 45 minutes on functions of 15', () => {
  const work = { count: 45_000, batch: 1_000, ms: minute };

  test('ends in 4 invocations of one attempt, with each row exactly once', async () => {
    const world = memoryWorld();
    const began: number[] = [];
    const driven = await drive(world, { handler: extract(world, { ...work, began }) });
    expect(driven).toMatchObject({ invocations: 4, attempts: 1 });
    expect(began).toEqual([0, 14_000, 28_000, 42_000]);
    expect(driven.rows).toEqual(upTo(45_000));
    expect(driven.manifest).toMatchObject({ result: { rows: 45_000 }, attempt: 1 });
    const uninterrupted = await whole(45_000);
    expect(driven.manifest?.digest).toBe(uninterrupted.manifest?.digest);
    expect(driven.manifest?.datasets.rows?.parts).toHaveLength(4);
  });

  test.each([
    ['before its part is stored', { at: /^upload .*\/data\//, kind: 'before' }, 28_000],
    ['when its part is stored', { at: /^upload .*\/data\//, kind: 'after' }, 28_000],
    ['before its checkpoint is stored', { at: /^put .*\/checkpoint/, kind: 'before' }, 28_000],
    ['when it has stored its checkpoint, and no one has heard', { at: /^put .*\/checkpoint/, kind: 'after' }, 42_000],
    ['by a time-out, and goes on itself', { at: /^put .*\/checkpoint/, kind: 'hangs' }, 28_000],
  ] as const)('killed in the third %s, goes on from the last checkpoint', async (_, fault, from) => {
    const world = memoryWorld();
    const began: number[] = [];
    const handler = extract(world, { ...work, began });
    const driven = await drive(world, { handler, faults: [undefined, undefined, fault] });
    expect(began.slice(0, 4)).toEqual([0, 14_000, 28_000, from]);
    expect(driven).toMatchObject({ attempts: 2 });
    expect(driven.rows).toEqual(upTo(45_000));
    expect(driven.manifest?.digest).toBe((await whole(45_000)).manifest?.digest);
  });

  test('goes on in a later execution of the run, unless the bytes are damaged', async () => {
    for (const [damage, from] of [
      [false, 14_000],
      [true, 0],
    ] as const) {
      const world = memoryWorld();
      const began: number[] = [];
      const handler = extract(world, { ...work, began });
      const once = { run: aRun(), step: longStep, long: { timeout_seconds: 3_600, redrives: 0, yielded: null } };
      await attempt(world, once, handler, { deadline: world.clock.now() + 15 * minute });
      const [part = ''] = await keys(world.store, 'sales/runs/r1/data/');
      if (damage) await world.store.put(part, 'other bytes');
      const driven = await drive(world, { handler, execution: 2 });
      expect(began.slice(0, 2)).toEqual([0, from]);
      expect(driven.rows).toEqual(upTo(45_000));
    }
  });

  test('does not go on from a checkpoint of another fingerprint', async () => {
    const world = memoryWorld();
    const began: number[] = [];
    const handler = extract(world, { ...work, began });
    const long = { timeout_seconds: 3_600, redrives: 0, yielded: null };
    const deadline = () => ({ deadline: world.clock.now() + 15 * minute });
    await attempt(world, { step: longStep, long }, handler, deadline());
    const run = aRun({ execution: 2, input: { day: '2026-02-02' } });
    await attempt(world, { run, step: longStep, long }, handler, deadline());
    expect(began).toEqual([0, 0]);
  });
});

describe('yieldIfDue', () => {
  const long = { timeout_seconds: 3_600, redrives: 0, yielded: null };
  const key = checkpointKey(aRun(), 'long');
  const run = (world: World, handler: StepFunction) =>
    attempt(world, { step: longStep, long }, handler, { deadline: world.clock.now() + 15 * minute });

  test('refuses a state beyond 64 KiB at once, with the limit and what to do', async () => {
    const handler: StepFunction = async (step) => step.yieldIfDue({ seen: 'x'.repeat(65_536) });
    const error = await errorOf(run(memoryWorld(), handler));
    expect(error).toMatchObject({
      name: errorNames.permanent,
      message:
        'the state that step long gave to yieldIfDue is 65547 bytes of JSON; at most 65536 are allowed: keep a cursor, and write what grows to a dataset',
    });
    const fits: StepFunction = async (step) => step.yieldIfDue('x'.repeat(65_534));
    await expect(run(memoryWorld(), fits)).resolves.toMatchObject({ outcome: 'succeeded' });
  });

  test('counts, and nothing that the handler does afterwards', async () => {
    const world = memoryWorld();
    const answer = await run(world, async (step) => {
      world.clock.pass(14.9 * minute);
      await step.yieldIfDue({ cursor: 7 }).catch(() => undefined);
      throw new Error('it takes the yield for a failure');
    });
    expect(answer.yielded).toEqual({
      yields: 1,
      redrives: 0,
      attempt: 1,
      started_at: '2026-02-01T01:00:00.000Z',
      invocations: 1,
    });
    expect(await stored<Checkpoint>(world.store, key)).toMatchObject({ state: { cursor: 7 }, rank: [1, 0, 0, 0] });
  });

  test('leaves room for one more piece of work like the longest of the last ten', async () => {
    const world = memoryWorld();
    const pieces: number[] = [];
    await run(world, async (step) => {
      for (const minutes of [5, 0.5, 2, 0.1, 0.1, 0.1, 0.2, 3, 0.6, 0.1]) {
        world.clock.pass(minutes * minute);
        pieces.push(minutes);
        await step.yieldIfDue(null);
      }
    });
    // After 11 minutes 4 are left, enough for 3 and the reserve of half a minute; after 11.6 there are 3.4.
    expect(pieces).toEqual([5, 0.5, 2, 0.1, 0.1, 0.1, 0.2, 3, 0.6]);
  });

  test('does nothing in a step that must finish in one invocation', async () => {
    const world = memoryWorld();
    const answer = await attempt(
      world,
      { step: aStep('short') },
      async (step) => {
        expect(step.checkpoint).toBeUndefined();
        world.clock.pass(14.9 * minute);
        await step.yieldIfDue({ cursor: 1 });
        return 'done';
      },
      { deadline: world.clock.now() + 15 * minute },
    );
    expect(answer.outcome).toBe('succeeded');
    expect(await keys(world.store, 'sales/runs/r1/steps/short/checkpoint')).toEqual([]);
  });

  test('carries files and finished datasets over, continues one whose rows it interrupts, and replaces what comes again', async () => {
    const world = memoryWorld();
    const handler: StepFunction = async (step) => {
      const from: number = step.checkpoint?.cursor ?? 0;
      await step.write('names', [{ id: 1 }, { id: 2 }], { columns });
      if (from === 0) {
        await step.write('first', [{ id: 5 }], { columns });
        await step.file('note', 'from the first invocation');
      }
      const generate = async function* () {
        for (let id = from + 1; id <= 40; id += 1) {
          yield { id };
          world.clock.pass(minute);
          await step.yieldIfDue({ cursor: id });
        }
      };
      return { rows: await step.write('long', generate(), { columns }) };
    };
    const { manifest, rows, invocations } = await drive(world, { handler });
    expect(invocations).toBe(3);
    expect(manifest?.result).toEqual({ rows: 40 });
    expect(Object.keys(manifest?.datasets ?? {}).sort()).toEqual(['first', 'long', 'names']);
    expect([...rows].sort((a, b) => Number(a) - Number(b))).toEqual([1, 2, 5, ...upTo(40)].sort((a, b) => a - b));
    expect(manifest?.files.note?.key).toContain('1-i1/');
  });

  test('an invocation whose twin has yielded gives the same answer, and runs the handler in a first attempt only', async () => {
    const world = memoryWorld();
    const yields =
      (cursor: number): StepFunction =>
      async (step) => {
        world.clock.pass(14.9 * minute);
        await step.yieldIfDue({ cursor });
      };
    const first = await run(world, yields(1));
    expect(await run(world, yields(2))).toEqual(first);
    expect((await stored<Checkpoint>(world.store, checkpointKey(aRun(), 'long')))?.state).toEqual({ cursor: 1 });
    const never = () => {
      throw new Error('the handler ran');
    };
    const again = {
      run: aRun(),
      step: longStep,
      fresh: false,
      long: { timeout_seconds: 3_600, redrives: 0, yielded: null },
    };
    expect(await attempt(world, again, never)).toEqual(first);
  });
});
