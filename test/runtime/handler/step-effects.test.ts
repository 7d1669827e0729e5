import { describe, expect, test } from 'vitest';
import { PermanentError } from '../../../lib/contract/errors.ts';
import type { StepProgress } from '../../../lib/contract/records/progress.ts';
import { aRun, aStep, attempt, errorOf, memoryWorld, stored, type World } from '../fixtures.ts';

describe('once', () => {
  const notify = aStep('notify');

  test('does an effect once per run and key, across attempts and executions', async () => {
    const world = memoryWorld();
    const sent: string[] = [];
    const send = async (fail: boolean, over = {}) =>
      attempt(world, { step: notify, ...over }, async (step) => {
        const now = [
          await step.once('#data', () => sent.push('#data')),
          await step.once('#ops', () => sent.push('#ops')),
        ];
        if (fail) throw new Error('after the effects');
        return now;
      });
    await errorOf(send(true));
    await send(false, { attempt: 2 });
    await send(false, { run: aRun({ execution: 2 }), step: aStep('notify', { definition: 'changed' }) });
    expect(sent).toEqual(['#data', '#ops']);
    await send(false, { run: aRun({ run_id: 'r2' }) });
    expect(sent).toEqual(['#data', '#ops', '#data', '#ops']);
  });

  test('repeats an effect that failed', async () => {
    const world = memoryWorld();
    let calls = 0;
    await attempt(world, { step: notify }, async (step) => {
      const effect = () => {
        calls += 1;
        if (calls === 1) throw new Error('no');
      };
      await errorOf(step.once('k', effect));
      return step.once('k', effect);
    });
    expect(calls).toBe(2);
  });

  test('does one of two that are started at the same moment', async () => {
    let calls = 0;
    await attempt(memoryWorld(), { step: notify }, async (step) => {
      const both = await Promise.all([step.once('k', () => calls++), step.once('k', () => calls++)]);
      expect(both).toEqual([true, false]);
    });
    expect(calls).toBe(1);
  });
});

describe('progress', () => {
  const read = (world: World) => stored<StepProgress>(world.store, 'sales/runs/r1/steps/load/progress.json');
  const turns = async () => {
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  };

  test('is recorded after a second of a first attempt, and not at all when there is nothing to say by then', async () => {
    const world = memoryWorld();
    await attempt(world, { step: aStep('load') }, async () => {
      world.clock.pass(999);
      await turns();
      expect(await read(world)).toBeNull();
      world.clock.pass(1);
      await turns();
      expect(await read(world)).toMatchObject({ attempt: 1, done: null, updated_at: '2026-02-01T01:00:01.000Z' });
    });
    const quick = memoryWorld();
    await attempt(quick, { step: aStep('load') }, () => 1);
    quick.clock.pass(10_000);
    await turns();
    expect(await read(quick)).toBeNull();
  });

  test('is recorded by the first report, however early', async () => {
    const world = memoryWorld();
    await attempt(world, { step: aStep('load') }, (step) => step.progress(1));
    expect(await read(world)).toMatchObject({ done: 1 });
  });

  test.each([
    ['an attempt that fails', aStep('load'), true],
    ['a step with one attempt', aStep('load', { budgets: { step: 1, time_out: 1, platform: 1 } }), false],
  ])('tells the start and the log of %s, which a dead letter needs', async (_, step, fails) => {
    const world = memoryWorld();
    const logs = { group: 'g', stream: 's' };
    const handler = async () => {
      await turns();
      if (!fails) expect(await read(world)).toMatchObject({ logs });
      throw new PermanentError('no');
    };
    expect(await errorOf(attempt(world, { step }, handler, { logs }))).toMatchObject({ message: 'no' });
    expect(await read(world)).toMatchObject({ attempt: 1, logs, first_started_at: '2026-02-01T01:00:00.000Z' });
  });

  test.each([
    ['a later attempt', { step: aStep('load'), attempt: 2 }],
    [
      'a step whose delays the function asks for',
      {
        step: aStep('load', {
          delays: { backoff: 'linear', initial_seconds: 1, longest_seconds: 1, jitter: false } as const,
        }),
      },
    ],
  ])('is recorded before the handler of %s starts', async (_, payload) => {
    const world = memoryWorld();
    await attempt(world, payload, async () => {
      expect(await read(world)).not.toBeNull();
    });
  });

  test('is recorded from the start of a second attempt, then every three seconds at most', async () => {
    const world = memoryWorld();
    await attempt(world, { step: aStep('load'), attempt: 2 }, async (step) => {
      expect(await read(world)).toMatchObject({
        step: 'load',
        attempt: 2,
        done: null,
        first_started_at: '2026-02-01T01:00:00.000Z',
      });
      world.clock.time += 2_999;
      await step.progress(1, 10);
      expect((await read(world))?.done).toBeNull();
      world.clock.time += 1;
      await step.progress(2, 10, 'pages');
      expect(await read(world)).toMatchObject({
        done: 2,
        total: 10,
        message: 'pages',
        updated_at: '2026-02-01T01:00:03.000Z',
      });
      await step.progress(3, 10);
      expect((await read(world))?.done).toBe(2);
    });
  });

  test('that cannot be written does not fail the step', async () => {
    const world = memoryWorld();
    const result = attempt(world, { step: aStep('load') }, async (step) => {
      world.clock.time += 10_000;
      const put = world.store.put;
      world.store.put = () => Promise.reject(new Error('down'));
      await step.progress(1);
      world.store.put = put;
    });
    expect(await result).toMatchObject({ outcome: 'succeeded' });
  });
});

test('a handler sees its run, configuration and input, and cannot change them for the record', async () => {
  const world = memoryWorld();
  const step = aStep('s', { config: { initialization: { currency: 'EUR' } } });
  await attempt(world, { step, attempt: 3 }, (it) => {
    expect(it.config).toEqual({ currency: 'EUR' });
    expect(it.attempt).toBe(3);
    expect(it.run).toEqual({
      pipeline: 'sales',
      run_id: 'r1',
      execution: 1,
      started_at: '2026-02-01T01:00:00.000Z',
      scheduled_time: null,
      requested: 1,
      turn: null,
    });
    it.config.currency = 'USD';
    it.input.day = 'changed';
  });
  expect(await attempt(world, { run: aRun({ execution: 2 }), step }, () => 'again')).toMatchObject({
    outcome: 'reused',
  });
});
