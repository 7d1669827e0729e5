import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../lib/contract/json.ts';
import { TaskFailure, type TaskRunner } from '../../../lib/offline/asl/api.ts';
import { machine, run, start, task } from './run.ts';

const done: Json = { Type: 'Pass', End: true };

/** Fails with these errors, one per attempt, then succeeds. */
const failing = (...errors: string[]): TaskRunner => {
  const left = [...errors];
  return () => {
    const error = left.shift();
    return error === undefined ? Promise.resolve('done') : Promise.reject(new TaskFailure(error, `cause of ${error}`));
  };
};

describe('a Task', () => {
  test('hands its arguments to the runner and its result to Output', async () => {
    const calls: unknown[] = [];
    const state = task({ Arguments: { n: '{% $states.input.n + 1 %}' }, Output: '{% $states.result.Payload %}' });
    const result = await run(machine({ T: state }), {
      input: { n: 1 },
      runTask: async ({ signal: _, ...call }) => {
        calls.push(call);
        return { Payload: [call.arguments] };
      },
    });
    expect(calls).toEqual([
      { resource: 'states:::lambda:invoke', arguments: { n: 2 }, state: 'T', retryCount: 0, token: null },
    ]);
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: [{ n: 2 }], transitions: 1, events: 7 });
  });

  test('without Arguments and Output passes its input and its result on', async () => {
    const result = await run(machine({ T: task() }), {
      input: [1],
      runTask: async (call) => ({ got: call.arguments }),
    });
    expect(result.output).toEqual({ got: [1] });
  });

  test("and its runner cannot change each other's data", async () => {
    const definition = machine({
      T: task({ Arguments: { list: [1] }, Next: 'U' }),
      U: task({ Arguments: { list: [1] }, Output: '{% $states.input %}' }),
    });
    const shared: { list: Json[]; absent?: undefined } = { list: [], absent: undefined };
    const runTask: TaskRunner = async (call) => {
      expect(call.arguments).toEqual({ list: [1] });
      (call.arguments as { list: Json[] }).list.push(2);
      shared.list.push(call.state);
      return shared as unknown as Json;
    };
    const [first, second] = [await run(definition, { runTask }), await run(definition, { runTask })];
    expect([first.output, second.output]).toEqual([{ list: ['T'] }, { list: ['T', 'U', 'T'] }]);
    expect(Object.keys(first.output ?? {})).toEqual(['list']);
  });

  test('that fails uncaught fails the execution with its error and cause', async () => {
    const execution = start(machine({ T: task() }), { runTask: failing('Boom') });
    expect(await execution.finish()).toMatchObject({ status: 'FAILED', error: 'Boom', cause: 'cause of Boom' });
    expect(execution.types()).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskFailed',
      'ExecutionFailed',
    ]);
  });

  test('whose runner breaks its contract makes the result reject', async () => {
    const broken = start(
      machine({ T: task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'D' }], Next: 'D' }), D: done }),
      {
        runTask: () => {
          throw new TypeError('a bug');
        },
      },
    );
    await expect(broken.finish()).rejects.toThrow('a bug');
  });
});

describe('Retry', () => {
  const retrier = fc.record({
    IntervalSeconds: fc.integer({ min: 1, max: 60 }),
    MaxAttempts: fc.integer({ min: 0, max: 6 }),
    BackoffRate: fc.constantFrom(1, 1.5, 2, 3),
    MaxDelaySeconds: fc.option(fc.integer({ min: 1, max: 90 }), { nil: undefined }),
    JitterStrategy: fc.constantFrom('FULL', 'NONE'),
  });

  test('waits interval × rate^n, at most MaxDelaySeconds, times chance with full jitter', async () => {
    await fc.assert(
      fc.asyncProperty(retrier, fc.double({ min: 0, max: 0.999, noNaN: true }), async (fields, chance) => {
        const { MaxDelaySeconds: cap, ...others } = fields;
        const Retry = [{ ErrorEquals: ['E'], ...others, ...(cap !== undefined && { MaxDelaySeconds: cap }) }];
        const execution = start(machine({ T: task({ Retry }) }), {
          random: () => chance,
          runTask: failing(...Array<string>(20).fill('E')),
        });
        expect(await execution.finish()).toMatchObject({
          status: 'FAILED',
          error: 'E',
          transitions: 1 + fields.MaxAttempts,
        });
        const starts = execution.events.filter(({ type }) => type === 'TaskStarted').map(({ timestamp }) => timestamp);
        let expected = execution.events[0]?.timestamp ?? Number.NaN;
        let delay = fields.IntervalSeconds;
        for (const started of starts) {
          expect(started).toBe(expected);
          const capped = cap !== undefined && cap < delay ? cap : delay;
          expected += Math.round((fields.JitterStrategy === 'FULL' ? capped * chance : capped) * 1000);
          delay *= fields.BackoffRate;
        }
        expect(starts).toHaveLength(fields.MaxAttempts + 1);
      }),
      { numRuns: 100 },
    );
  });

  test('by the first matching retrier, which keeps its own count', async () => {
    const Retry = [
      { ErrorEquals: ['A', 'B'], MaxAttempts: 2, IntervalSeconds: 1, BackoffRate: 1 },
      { ErrorEquals: ['B', 'C'], MaxAttempts: 1, IntervalSeconds: 100 },
    ];
    const attempts = async (...errors: string[]): Promise<number> => {
      let calls = 0;
      const runTask = failing(...errors);
      await run(machine({ T: task({ Retry }) }), {
        runTask: (call) => {
          calls += 1;
          return runTask(call);
        },
      });
      return calls;
    };
    expect(await attempts('A', 'B', 'A', 'A')).toBe(3);
    expect(await attempts('B', 'C', 'B', 'C')).toBe(4);
    expect(await attempts('C', 'C', 'C')).toBe(2);
  });

  test('evaluates Arguments again and counts in the context object', async () => {
    const seen: Json[] = [];
    const fails = failing('E', 'E');
    await run(
      machine({ T: task({ Arguments: '{% $states.context.State.RetryCount %}', Retry: [{ ErrorEquals: ['E'] }] }) }),
      {
        runTask: (call) => {
          seen.push([call.arguments, call.retryCount]);
          return fails(call);
        },
      },
    );
    expect(seen).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
  });

  test('covers expressions that fail', async () => {
    const execution = start(
      machine({
        T: task({
          Arguments: '{% $missing %}',
          Retry: [{ ErrorEquals: ['States.QueryEvaluationError'], MaxAttempts: 1 }],
        }),
      }),
    );
    expect(await execution.finish()).toMatchObject({ error: 'States.QueryEvaluationError' });
    expect(execution.types()).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'EvaluationFailed',
      'EvaluationFailed',
      'ExecutionFailed',
    ]);
  });
});

describe('ErrorEquals', () => {
  test.each([
    ['E', ['E'], true],
    ['E', ['States.TaskFailed'], true],
    ['E', ['States.ALL'], true],
    ['E', ['F'], false],
    ['States.Timeout', ['States.TaskFailed'], false],
    ['States.Timeout', ['States.ALL'], true],
    ['States.Runtime', ['States.ALL'], false],
    ['States.Runtime', ['States.TaskFailed'], false],
    ['States.Runtime', ['States.Runtime'], true],
    ['States.DataLimitExceeded', ['States.ALL'], false],
  ])('%s is matched by %j: %s', async (error, ErrorEquals, caught) => {
    const definition = machine({ T: task({ Catch: [{ ErrorEquals, Next: 'D' }] }), D: done });
    expect(await run(definition, { runTask: failing(error) })).toMatchObject({
      status: caught ? 'SUCCEEDED' : 'FAILED',
    });
  });
});

describe('Catch', () => {
  test('gives the error as the output, with its own Assign and Output', async () => {
    const Catch = [
      {
        ErrorEquals: ['E'],
        Next: 'D',
        Assign: { e: '{% $states.errorOutput.Error %}' },
        Output: { in: '{% $states.input %}' },
      },
      { ErrorEquals: ['States.ALL'], Next: 'D' },
    ];
    const definition = machine({
      S: { Type: 'Pass', Assign: { e: 'none' }, Next: 'T' },
      T: task({ Catch, Next: 'D', Assign: { e: 'not this' }, Output: 'nor this' }),
      D: { Type: 'Pass', Output: ['{% $e %}', '{% $states.input %}'], End: true },
    });
    expect((await run(definition, { input: 7, runTask: failing('E') })).output).toEqual(['E', { in: 7 }]);
    expect((await run(definition, { runTask: failing('X') })).output).toEqual([
      'none',
      { Error: 'X', Cause: 'cause of X' },
    ]);
  });

  test('that fails itself fails the state and is not caught again', async () => {
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'D', Output: '{% $missing %}' }];
    expect(await run(machine({ T: task({ Catch }), D: done }), { runTask: failing('E') })).toMatchObject({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
    });
  });

  test('may lead back into its own state, which is then entered again', async () => {
    const entered: Json[] = [];
    const fails = failing('E', 'E');
    const definition = machine({
      T: task({
        Arguments: '{% $states.context.State %}',
        Retry: [{ ErrorEquals: ['F'] }],
        Catch: [{ ErrorEquals: ['E'], Next: 'T' }],
        Next: 'D',
      }),
      D: done,
    });
    const result = await run(definition, {
      runTask: (call) => {
        entered.push(call.arguments);
        return fails(call);
      },
    });
    expect(result).toMatchObject({ status: 'SUCCEEDED', transitions: 4 });
    expect(entered).toHaveLength(3);
  });
});
