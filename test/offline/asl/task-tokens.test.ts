import { describe, expect, test } from 'vitest';
import type { Json } from '../../../lib/contract/json.ts';
import { TaskFailure } from '../../../lib/offline/asl/api.ts';
import { machine, type Started, start, task } from './run.ts';

const waiting = (more: Record<string, Json> = {}): Json =>
  machine({
    T: task({
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: { token: '{% $states.context.Task.Token %}' },
      ...more,
    }),
  });

const tokenOf = (call: { readonly arguments: Json }): string => (call.arguments as { token: string }).token;

describe('a task token', () => {
  test('stands in the context object and completes the state with its answer, once', async () => {
    const answers: boolean[] = [];
    const execution: Started = start(waiting(), {
      runTask: async (call) => {
        expect(tokenOf(call)).toBe(call.token);
        void execution.clock.sleep(5000).then(() => {
          answers.push(execution.succeedTask(tokenOf(call), { answer: 1 }), execution.succeedTask(tokenOf(call), 2));
        });
        return 'ignored';
      },
    });
    expect(await execution.finish()).toMatchObject({ status: 'SUCCEEDED', output: { answer: 1 } });
    expect(answers).toEqual([true, false]);
    expect(execution.types()).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  test('may be answered before the runner is done, which then is not disturbed', async () => {
    let signal: AbortSignal | undefined;
    let abortedWhenDone: boolean | undefined;
    const definition = waiting({ Next: 'W' }) as { States: Record<string, Json> };
    definition.States.W = { Type: 'Wait', Seconds: 10, End: true };
    const execution: Started = start(definition, {
      runTask: async (call) => {
        signal = call.signal;
        expect(execution.succeedTask(tokenOf(call), 'early')).toBe(true);
        await execution.clock.sleep(3000);
        abortedWhenDone = call.signal.aborted;
        return null;
      },
    });
    expect(await execution.finish()).toMatchObject({ output: 'early' });
    expect(abortedWhenDone).toBe(false);
    expect(signal?.aborted).toBe(false);
  });

  test('can be answered with a failure', async () => {
    const execution: Started = start(waiting(), {
      runTask: async (call) => {
        execution.failTask(tokenOf(call), 'E', 'told so');
        return null;
      },
    });
    expect(await execution.finish()).toMatchObject({ status: 'FAILED', error: 'E', cause: 'told so' });
  });

  test('dies with the runner: a failed call fails the state', async () => {
    let token = '';
    const execution: Started = start(waiting(), {
      runTask: async (call) => {
        token = tokenOf(call);
        throw new TaskFailure('Lambda.ServiceException', 'down');
      },
    });
    expect(await execution.finish()).toMatchObject({ error: 'Lambda.ServiceException' });
    expect(execution.succeedTask(token, null)).toBe(false);
  });

  test('of an attempt that timed out is dead, and the next attempt has another', async () => {
    const tokens: string[] = [];
    const execution: Started = start(
      waiting({ TimeoutSeconds: 60, Retry: [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 1, IntervalSeconds: 2 }] }),
      {
        runTask: async (call) => {
          tokens.push(tokenOf(call));
          if (tokens.length === 2) {
            expect(execution.succeedTask(tokens[0] ?? '', 'late')).toBe(false);
            expect(execution.succeedTask(tokens[1] ?? '', 'in time')).toBe(true);
          }
          return null;
        },
      },
    );
    const began = execution.clock.now();
    expect(await execution.finish()).toMatchObject({ output: 'in time' });
    expect(execution.clock.now() - began).toBe(62_000);
    expect(execution.clock.pending).toBe(0);
    expect(new Set(tokens).size).toBe(2);
  });

  test('of another redrive of the same execution is another token', async () => {
    const tokens: string[] = [];
    for (const redriveCount of [0, 1]) {
      const execution: Started = start(waiting(), {
        redriveCount,
        runTask: async (call) => {
          tokens.push(tokenOf(call));
          execution.succeedTask(tokenOf(call), null);
          return null;
        },
      });
      await execution.finish();
    }
    expect(new Set(tokens).size).toBe(2);
  });

  test('that the execution does not know is answered with false', () => {
    const execution = start(machine({ P: { Type: 'Succeed' } }));
    expect(execution.succeedTask('no such token', null)).toBe(false);
    expect(execution.failTask('no such token', 'E', '')).toBe(false);
  });
});
