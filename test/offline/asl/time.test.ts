import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../lib/contract/json.ts';
import { machine, run, start, task } from './run.ts';

const never = (): Promise<Json> => new Promise(() => undefined);

describe('a Wait', () => {
  test.each<[Record<string, Json>, number]>([
    [{ Seconds: 0 }, 0],
    [{ Seconds: 90 }, 90_000],
    [{ Seconds: '{% $states.input.s * 2 %}' }, 10_000],
    [{ Timestamp: '2026-01-01T00:01:00Z' }, 60_000],
    [{ Timestamp: '2026-01-01T02:00:00.250+01:00' }, 3_600_250],
    [{ Timestamp: '{% $states.input.at %}' }, 1_123],
    [{ Timestamp: '2020-01-01T00:00:00Z' }, 0],
  ])('for %j ends after %i ms', async (fields, ms) => {
    const input = { s: 5, at: '2026-01-01T00:00:01.123456789Z' };
    const execution = start(machine({ W: { Type: 'Wait', End: true, ...fields } }), { input });
    const began = execution.clock.now();
    expect(await execution.finish()).toMatchObject({ status: 'SUCCEEDED', output: input });
    expect(execution.clock.now() - began).toBe(ms);
  });

  test.each<[string, Json]>([
    ['Seconds', -1],
    ['Seconds', 1.5],
    ['Seconds', '1'],
    ['Timestamp', '2026-13-01T00:00:00Z'],
    ['Timestamp', '2026-01-01T25:00:00Z'],
    ['Timestamp', '2026-01-01 00:00:00Z'],
    ['Timestamp', '2026-01-01T00:00:00'],
    ['Timestamp', 5],
  ])('fails when %s becomes %j', async (field, input) => {
    const execution = start(machine({ W: { Type: 'Wait', End: true, [field]: '{% $states.input %}' } }), { input });
    expect(await execution.finish()).toMatchObject({ error: 'States.QueryEvaluationError' });
    expect(execution.types()).toEqual(['ExecutionStarted', 'WaitStateEntered', 'EvaluationFailed', 'ExecutionFailed']);
  });
});

describe('TimeoutSeconds', () => {
  test.each<[Json]>([[30], ['{% $states.input.limit %}']])(
    'of a Task (%j) fires its signal and fails it with States.Timeout',
    async (TimeoutSeconds) => {
      let signal: AbortSignal | undefined;
      const execution = start(machine({ T: task({ TimeoutSeconds }) }), {
        input: { limit: 30 },
        runTask: (call) => {
          signal = call.signal;
          return never();
        },
      });
      const began = execution.clock.now();
      expect(await execution.finish()).toMatchObject({ status: 'FAILED', error: 'States.Timeout', cause: undefined });
      expect(execution.clock.now() - began).toBe(30_000);
      expect(signal?.aborted).toBe(true);
      expect(execution.types()).toEqual([
        'ExecutionStarted',
        'TaskStateEntered',
        'TaskScheduled',
        'TaskStarted',
        'TaskTimedOut',
        'ExecutionFailed',
      ]);
    },
  );

  test('begins again with each attempt, which lasts the shorter of work and limit', async () => {
    const seconds = fc.integer({ min: 1, max: 100 });
    await fc.assert(
      fc.asyncProperty(seconds, fc.array(seconds, { minLength: 1, maxLength: 4 }), async (limit, works) => {
        fc.pre(works.every((one) => one !== limit));
        const Retry = [
          { ErrorEquals: ['States.Timeout'], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: works.length - 1 },
        ];
        const execution = start(machine({ T: task({ TimeoutSeconds: limit, Retry }) }), {
          runTask: async ({ retryCount, signal }) => {
            await execution.clock.sleep((works[retryCount] ?? 0) * 1000, signal);
            return retryCount;
          },
        });
        const began = execution.clock.now();
        const result = await execution.finish();
        const success = works.findIndex((one) => one < limit);
        const attempts = success === -1 ? works : works.slice(0, success + 1);
        const spent = attempts.reduce((sum, one) => sum + Math.min(one, limit), attempts.length - 1);
        expect(execution.clock.now() - began).toBe(spent * 1000);
        expect(result).toMatchObject(success === -1 ? { error: 'States.Timeout' } : { output: success });
        expect(execution.clock.pending).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test('of the machine ends the execution as TIMED_OUT, also in the middle of states', async () => {
    const branch = (name: string, state: Json): Json => ({ StartAt: name, States: { [name]: state } });
    const Branches = [branch('A', { Type: 'Wait', Seconds: 99, End: true }), branch('B', task())];
    const execution = start(machine({ P: { Type: 'Parallel', Branches, End: true } }, { TimeoutSeconds: 7 }), {
      runTask: never,
    });
    const began = execution.clock.now();
    expect(await execution.finish()).toMatchObject({ status: 'TIMED_OUT', output: undefined, error: undefined });
    expect(execution.clock.now() - began).toBe(7000);
    expect(execution.clock.pending).toBe(0);
    expect(execution.types().at(-1)).toBe('ExecutionTimedOut');
  });

  test('leaves no timer behind when nothing times out', async () => {
    const execution = start(machine({ T: task({ TimeoutSeconds: 60 }) }, { TimeoutSeconds: 600 }), {
      runTask: async () => 1,
    });
    expect(await execution.finish()).toMatchObject({ status: 'SUCCEEDED' });
    expect(execution.clock.pending).toBe(0);
  });
});

describe('an abort', () => {
  test('at any moment ends the execution, fires the signals and leaves no timer', async () => {
    const branch = (name: string, states: Record<string, Json>): Json => ({ StartAt: name, States: states });
    const token = task({ Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken', TimeoutSeconds: 50 });
    const definition = machine({
      S: { Type: 'Wait', Seconds: 3, Next: 'P' },
      P: {
        Type: 'Parallel',
        Branches: [
          branch('A', { A: { Type: 'Wait', Seconds: 5, Next: 'B' }, B: task({ TimeoutSeconds: 20 }) }),
          branch('C', { C: token }),
          branch('D', {
            D: {
              Type: 'Map',
              Items: [1, 2, 3],
              MaxConcurrency: 1,
              End: true,
              ItemProcessor: { StartAt: 'E', States: { E: { Type: 'Wait', Seconds: 4, End: true } } },
            },
          }),
        ],
        End: true,
      },
    });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 22_000 }), async (after) => {
        const control = new AbortController();
        const signals: AbortSignal[] = [];
        const execution = start(definition, {
          signal: control.signal,
          runTask: (call) => {
            signals.push(call.signal);
            return never();
          },
        });
        const began = execution.clock.now();
        void execution.clock.sleep(after).then(() => control.abort());
        const result = await execution.finish();
        expect(result).toMatchObject({ status: 'ABORTED', output: undefined, error: undefined });
        expect(execution.clock.now() - began).toBe(after);
        expect(signals.every(({ aborted }) => aborted)).toBe(true);
        expect(execution.clock.pending).toBe(0);
        const types = execution.types();
        await execution.clock.run(execution.clock.sleep(100_000));
        expect(execution.types()).toEqual(types);
        expect(types.at(-1)).toBe('ExecutionAborted');
      }),
      { numRuns: 50 },
    );
  });

  test('before the start runs nothing', async () => {
    const execution = start(machine({ T: task() }), { signal: AbortSignal.abort() });
    expect(await execution.finish()).toMatchObject({ status: 'ABORTED', transitions: 0 });
  });

  test('after the end changes nothing', async () => {
    const control = new AbortController();
    const execution = start(machine({ T: { Type: 'Succeed' } }), { signal: control.signal });
    expect(await execution.finish()).toMatchObject({ status: 'SUCCEEDED' });
    expect(getEventListeners(control.signal, 'abort')).toEqual([]);
    control.abort();
    expect(execution.types().at(-1)).toBe('ExecutionSucceeded');
    expect(await run(machine({ T: { Type: 'Succeed', Output: 1 } }))).toMatchObject({ output: 1 });
  });
});
