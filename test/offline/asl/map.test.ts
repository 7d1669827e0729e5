import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../lib/contract/json.ts';
import { TaskFailure } from '../../../lib/offline/asl/api.ts';
import { machine, run, start, task } from './run.ts';

const map = (processor: Record<string, Json>, more: Record<string, Json> = {}): Json =>
  machine({
    M: {
      Type: 'Map',
      ItemProcessor: { StartAt: Object.keys(processor)[0] ?? '', States: processor },
      End: true,
      ...more,
    },
  });

/** Sleeps as long as its item says, and fails below zero. */
const sleeper: Record<string, Json> = {
  C: { Type: 'Choice', Choices: [{ Condition: '{% $states.input < 0 %}', Next: 'F' }], Default: 'W' },
  F: { Type: 'Fail', Error: 'Negative' },
  W: { Type: 'Wait', Seconds: '{% $states.input %}', End: true },
};

describe('a Map', () => {
  test.each([
    [0, 9],
    [1, 20],
    [2, 11],
    [3, 9],
  ])(
    'with MaxConcurrency %i works through its items in order and gives the outputs in order',
    async (MaxConcurrency, seconds) => {
      const execution = start(map(sleeper, { MaxConcurrency }), { input: [9, 2, 5, 4] });
      const began = execution.clock.now();
      expect((await execution.finish()).output).toEqual([9, 2, 5, 4]);
      expect((execution.clock.now() - began) / 1000).toBe(seconds);
    },
  );

  test('runs at most 40 iterations side by side', async () => {
    const execution = start(map(sleeper), { input: Array<number>(41).fill(1) });
    const began = execution.clock.now();
    await execution.finish();
    expect(execution.clock.now() - began).toBe(2000);
  });

  test('makes inputs by ItemSelector, which sees the item and the state input', async () => {
    const ItemSelector = {
      at: '{% $states.context.Map.Item.Index %}',
      item: '{% $states.context.Map.Item.Value %}',
      of: '{% $count($states.input) %}',
    };
    const processor = {
      P: { Type: 'Pass', Output: ['{% $states.input %}', '{% $states.context.Map.Item.Value %}'], End: true },
    };
    expect((await run(map(processor, { ItemSelector }), { input: ['a', 'b'] })).output).toEqual([
      [{ at: 0, item: 'a', of: 2 }, 'a'],
      [{ at: 1, item: 'b', of: 2 }, 'b'],
    ]);
  });

  test('is failed by the first failing iteration; the others are aborted, each before its state', async () => {
    const execution = start(map(sleeper), { input: [7, -1, 8] });
    expect(await execution.finish()).toMatchObject({ status: 'FAILED', error: 'Negative' });
    expect(execution.clock.pending).toBe(0);
    expect(execution.types().slice(-7)).toEqual([
      'MapIterationFailed',
      'MapIterationAborted',
      'WaitStateAborted',
      'MapIterationAborted',
      'WaitStateAborted',
      'MapStateFailed',
      'ExecutionFailed',
    ]);
  });

  test("numbers its events as recorded on AWS: what ends a thread is nobody's predecessor", async () => {
    const execution = start(map({ T: task() }), {
      input: [0, 1],
      runTask: async (call) => {
        await execution.clock.sleep(1000, call.signal);
        throw new TaskFailure('E', 'no');
      },
    });
    await execution.finish();
    const numbered = execution.events.map(({ id, previousEventId, type }) => `${previousEventId} <- ${id} ${type}`);
    expect(numbered).toEqual([
      '0 <- 1 ExecutionStarted',
      '0 <- 2 MapStateEntered',
      '2 <- 3 MapStateStarted',
      '3 <- 4 MapIterationStarted',
      '3 <- 5 MapIterationStarted',
      '4 <- 6 TaskStateEntered',
      '6 <- 7 TaskScheduled',
      '7 <- 8 TaskStarted',
      '5 <- 9 TaskStateEntered',
      '9 <- 10 TaskScheduled',
      '10 <- 11 TaskStarted',
      '8 <- 12 TaskFailed',
      '12 <- 13 MapIterationFailed',
      '12 <- 14 TaskStateAborted',
      '12 <- 15 MapIterationAborted',
      '12 <- 16 TaskStateAborted',
      '12 <- 17 MapStateFailed',
      '17 <- 18 ExecutionFailed',
    ]);
  });

  test('starts nothing more once an iteration has failed, even at the same moment', async () => {
    const sum = (length: number): string => `{% ${Array(length).fill('1').join(' + ')} %}`;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 12 }), async (length, width) => {
        const called: number[] = [];
        const processor = {
          C: { Type: 'Choice', Choices: [{ Condition: '{% $states.input = 0 %}', Next: 'G' }], Default: 'T' },
          G: { Type: 'Pass', Output: sum(length), Next: 'H' },
          H: { Type: 'Fail', Error: 'E' },
          T: task({ Arguments: ['{% $states.input %}', sum(20)] }),
        };
        const execution = start(map(processor, { MaxConcurrency: width }), {
          input: [0, ...Array<number>(30).fill(1)],
          runTask: async () => {
            called.push(execution.types().length);
            return null;
          },
        });
        expect(await execution.finish()).toMatchObject({ error: 'E' });
        const failed = execution.types().indexOf('MapIterationFailed');
        expect(execution.types().slice(failed)).not.toContain('MapIterationStarted');
        expect(execution.types().slice(failed)).not.toContain('TaskScheduled');
        expect(Math.max(0, ...called)).toBeLessThanOrEqual(failed);
      }),
      { numRuns: 150 },
    );
  });

  test.each<[Record<string, Json>, string]>([
    [{ ToleratedFailureCount: 1 }, 'SUCCEEDED'],
    [{ ToleratedFailurePercentage: '{% 26 %}' }, 'SUCCEEDED'],
    [{ ToleratedFailurePercentage: 24 }, 'FAILED'],
    [{ ToleratedFailureCount: 0 }, 'FAILED'],
  ])('tolerates failures as far as %j says', async (tolerance, status) => {
    const result = await run(map(sleeper, tolerance), { input: [1, -1, 2, 3] });
    expect(result.status).toBe(status);
    if (status === 'SUCCEEDED') expect(result.output).toEqual([1, 2, 3]);
  });

  test('says so when more iterations fail than it tolerates', async () => {
    expect(await run(map(sleeper, { ToleratedFailureCount: 1 }), { input: [-1, -1, 2] })).toMatchObject({
      error: 'States.ExceedToleratedFailureThreshold',
    });
  });

  test.each<[Record<string, Json>, Json]>([
    [{ MaxConcurrency: '{% -1 %}' }, [1]],
    [{ MaxConcurrency: '{% "1" %}' }, [1]],
    [{ ToleratedFailurePercentage: '{% 101 %}' }, [1]],
    [{}, { not: 'a list' }],
  ])('fails before it starts when a field is not what it must be: %j', async (more, input) => {
    const execution = start(map(sleeper, more), { input });
    expect(await execution.finish()).toMatchObject({ error: 'States.QueryEvaluationError' });
    expect(execution.types()).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'EvaluationFailed',
      'MapStateFailed',
      'ExecutionFailed',
    ]);
  });
});
