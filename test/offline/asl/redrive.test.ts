import { describe, expect, test } from 'vitest';
import type { Json } from '../../../lib/contract/json.ts';
import { type TaskCall, TaskFailure } from '../../../lib/offline/asl/api.ts';
import { whyNotRedrivable } from '../../../lib/offline/asl/redrive-rules.ts';
import { Redrivable } from './redrivable.ts';
import { type Given, machine, task } from './run.ts';

/** Tasks that answer with their own name, with the argument `of` if there is one, except those that are to fail; keeps the order of calls. */
const scripted = (failing: Iterable<string>) => {
  const broken = new Set(failing);
  const calls: string[] = [];
  const runTask = async ({ state, arguments: given }: TaskCall): Promise<Json> => {
    const { of } = (given ?? {}) as { of?: Json };
    const name = of === undefined ? state : `${state}(${of})`;
    calls.push(name);
    if (broken.has(name)) throw new TaskFailure('Broken', name);
    return name;
  };
  return { calls, broken, runTask };
};

const broken = (definition: Json, failing: string[], given: Given = {}) => {
  const tasks = scripted(failing);
  return { tasks, execution: new Redrivable(definition, { runTask: tasks.runTask, ...given }) };
};

const output = '{% $states.result %}';

describe('a redrive', () => {
  test('enters the state that failed, with the variables and the input that it had', async () => {
    const definition = machine({
      A: task({ Assign: { a: '{% $states.context.Execution.RedriveCount %}' }, Next: 'B' }),
      B: task({ Output: ['{% $a %}', '{% $states.input %}', output], Next: 'C' }),
      C: task({ Output: '{% $append($states.input, [$states.result]) %}' }),
    });
    const { tasks, execution } = broken(definition, ['B']);
    expect(await execution.start()).toMatchObject({ status: 'FAILED', error: 'Broken' });
    tasks.broken.clear();
    expect(await execution.redrive()).toMatchObject({ status: 'SUCCEEDED', output: [0, 'A', 'B', 'C'] });
    expect(tasks.calls).toEqual(['A', 'B', 'B', 'C']);
  });

  test('continues the history with ExecutionRedriven and counts as a transition', async () => {
    const { tasks, execution } = broken(machine({ A: task({ Next: 'B' }), B: task() }), ['B']);
    const first = await execution.start();
    tasks.broken.clear();
    const second = await execution.redrive();
    expect(first.events).toBe(11);
    expect(execution.events.slice(11).map(({ id, previousEventId, type }) => [id, previousEventId, type])).toEqual([
      [12, 11, 'ExecutionRedriven'],
      [13, 12, 'TaskStateEntered'],
      [14, 13, 'TaskScheduled'],
      [15, 14, 'TaskStarted'],
      [16, 15, 'TaskSucceeded'],
      [17, 16, 'TaskStateExited'],
      [18, 17, 'ExecutionSucceeded'],
    ]);
    expect(execution.events[11]?.details).toEqual({ redriveCount: 1 });
    expect(second).toMatchObject({ transitions: 2, events: 18 });
  });

  test('tells its count and its time, and keeps name, input and start', async () => {
    const Output = '{% $states.context.Execution %}';
    const { tasks, execution } = broken(machine({ A: task({ Output }) }), ['A'], { input: { day: 1 } });
    await execution.start();
    await execution.clock.run(execution.clock.sleep(5_000));
    await execution.redrive();
    tasks.broken.clear();
    expect((await execution.redrive()).output).toMatchObject({
      Name: 'one',
      Input: { day: 1 },
      StartTime: '2026-01-01T00:00:00.000Z',
      RedriveCount: 2,
      RedriveTime: '2026-01-01T00:00:05.000Z',
    });
  });

  test('gives retriers their attempts again', async () => {
    const Retry = [{ ErrorEquals: ['Broken'], MaxAttempts: 2, IntervalSeconds: 1 }];
    const { tasks, execution } = broken(machine({ A: task({ Retry }) }), ['A']);
    await execution.start();
    expect(await execution.redrive()).toMatchObject({ status: 'FAILED' });
    expect(tasks.calls).toHaveLength(6);
  });

  test('starts the time-out of the machine again', async () => {
    const definition = machine(
      { W: { Type: 'Wait', Seconds: 6, Next: 'A' }, A: { Type: 'Wait', Seconds: 6, End: true } },
      { TimeoutSeconds: 10 },
    );
    const execution = new Redrivable(definition);
    expect(await execution.start()).toMatchObject({ status: 'TIMED_OUT' });
    expect(await execution.redrive()).toMatchObject({ status: 'SUCCEEDED' });
    expect(execution.clock.now() - Date.UTC(2026, 0, 1)).toBe(16_000);
  });

  test('fails again in a Fail state', async () => {
    const execution = new Redrivable(
      machine({ P: { Type: 'Pass', Next: 'F' }, F: { Type: 'Fail', Error: 'No', Cause: 'because' } }),
    );
    await execution.start();
    expect(await execution.redrive()).toMatchObject({ status: 'FAILED', error: 'No', cause: 'because' });
    expect(execution.events.slice(-3).map(({ type }) => type)).toEqual([
      'ExecutionRedriven',
      'FailStateEntered',
      'ExecutionFailed',
    ]);
  });

  test('does not enter a state whose error was caught', async () => {
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'B', Assign: { caught: '{% $states.errorOutput.Error %}' } }];
    const { tasks, execution } = broken(
      machine({ A: task({ Catch, Next: 'B' }), B: task({ Output: '{% $caught %}' }) }),
      ['A', 'B'],
    );
    await execution.start();
    tasks.broken.clear();
    expect((await execution.redrive()).output).toBe('Broken');
    expect(tasks.calls).toEqual(['A', 'B', 'B']);
  });

  test('keeps what a Choice decided, and asks one that failed again', async () => {
    const random = { Condition: '{% $random() < 0.5 %}', Next: 'Low' };
    const definition = machine({
      C: { Type: 'Choice', Choices: [random], Default: 'High' },
      Low: task(),
      High: task(),
    });
    const { tasks, execution } = broken(definition, ['Low', 'High'], { random: () => 0.1 });
    await execution.start();
    execution.random = () => 0.9;
    tasks.broken.clear();
    expect((await execution.redrive()).output).toBe('Low');

    const late = machine({
      C: { Type: 'Choice', Choices: [{ Condition: '{% $states.context.Execution.RedriveCount = 1 %}', Next: 'S' }] },
      S: { Type: 'Succeed' },
    });
    const unmatched = new Redrivable(late);
    expect(await unmatched.start()).toMatchObject({ error: 'States.NoChoiceMatched' });
    expect(await unmatched.redrive()).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('goes round a loop where it was', async () => {
    const definition = machine({
      A: task({ Arguments: { of: '{% $states.input %}' }, Output: '{% $states.input + 1 %}', Next: 'C' }),
      C: { Type: 'Choice', Choices: [{ Condition: '{% $states.input < 4 %}', Next: 'A' }], Default: 'S' },
      S: { Type: 'Succeed' },
    });
    const { tasks, execution } = broken(definition, ['A(2)'], { input: 0 });
    await execution.start();
    tasks.broken.clear();
    expect((await execution.redrive()).output).toBe(4);
    expect(tasks.calls).toEqual(['A(0)', 'A(1)', 'A(2)', 'A(2)', 'A(3)']);
  });

  test('a token of before is dead', async () => {
    const tokens: string[] = [];
    const runTask = async ({ token }: TaskCall): Promise<Json> => tokens.push(token ?? '');
    const Resource = 'arn:aws:states:::lambda:invoke.waitForTaskToken';
    const execution = new Redrivable(machine({ A: task({ Resource, Output: output }) }), { runTask });
    const stop = new AbortController();
    const stopped = execution.start({ signal: stop.signal });
    await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    expect(await stopped).toMatchObject({ status: 'ABORTED' });
    const redriven = execution.redrive();
    await new Promise((resolve) => setImmediate(resolve));
    expect(tokens).toHaveLength(2);
    expect(execution.running?.succeedTask(tokens[0] ?? '', 'late')).toBe(false);
    expect(execution.running?.succeedTask(tokens[1] ?? '', 'now')).toBe(true);
    expect(await redriven).toMatchObject({ status: 'SUCCEEDED', output: 'now' });
  });
});

describe('a redrive of threads', () => {
  const branch = (...names: string[]): Json => ({
    StartAt: names[0] ?? '',
    States: Object.fromEntries(
      names.map((name, i) => [name, task(names[i + 1] === undefined ? {} : { Next: names[i + 1] ?? '' })]),
    ),
  });
  const parallel = (more: Record<string, Json> = {}): Json =>
    machine({ P: { Type: 'Parallel', Branches: [branch('A', 'B'), branch('C'), branch('D')], End: true, ...more } });

  test('runs the branches that did not end, from where they were', async () => {
    const { tasks, execution } = broken(parallel(), ['B']);
    await execution.start();
    tasks.broken.clear();
    expect((await execution.redrive()).output).toEqual(['B', 'C', 'D']);
    expect(tasks.calls.sort()).toEqual(['A', 'B', 'B', 'C', 'D']);
  });

  test('continues the last attempt of a retried Parallel, with the same arguments', async () => {
    const definition = parallel({
      Arguments: '{% $millis() %}',
      Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1, IntervalSeconds: 7 }],
      Output: '{% $states.result %}',
    });
    const { tasks, execution } = broken(definition, ['D']);
    await execution.start();
    await execution.redrive();
    expect(tasks.calls.filter((name) => name === 'C')).toHaveLength(3);
    tasks.broken.clear();
    expect((await execution.redrive()).output).toEqual(['B', 'C', 'D']);
    expect(tasks.calls.filter((name) => name === 'C')).toHaveLength(3);
    const inputs = execution.events
      .filter(({ type, state }) => type === 'TaskStateEntered' && state === 'D')
      .map(({ details }) => Number((details as { input: Json }).input) - Date.UTC(2026, 0, 1));
    expect(inputs).toEqual([0, 7_000, 7_000, 14_000, 14_000]);
  });

  test('runs all of them again when the Parallel failed for the size of its data', async () => {
    const { tasks, execution } = broken(parallel(), []);
    const runTask = async (call: TaskCall): Promise<Json> => {
      await tasks.runTask(call);
      return 'x'.repeat(execution.redrives === 0 ? 100_000 : 1);
    };
    execution.runTask = runTask;
    expect(await execution.start()).toMatchObject({ error: 'States.DataLimitExceeded' });
    expect(await execution.redrive()).toMatchObject({ status: 'SUCCEEDED', output: ['x', 'x', 'x'] });
    expect(tasks.calls).toHaveLength(8);
  });

  test('runs the iterations that did not end, on the items that the Map had', async () => {
    const definition = machine({
      M: {
        Type: 'Map',
        Items: '{% $sort([1, 2, 3], function($l, $r) { $states.context.Execution.RedriveCount = 0 and $l < $r }) %}',
        MaxConcurrency: 1,
        ItemProcessor: {
          StartAt: 'A',
          States: {
            A: task({ Arguments: { of: '{% $states.input %}' }, Output: '{% $states.input * 10 %}', Next: 'B' }),
            B: { Type: 'Pass', Output: ['{% $states.input %}', '{% $states.context.Map.Item.Value %}'], End: true },
          },
        },
        End: true,
      },
    });
    const { tasks, execution } = broken(definition, ['A(2)']);
    expect(await execution.start()).toMatchObject({ status: 'FAILED' });
    tasks.broken.clear();
    const result = await execution.redrive();
    expect(result.output).toEqual([
      [30, 3],
      [20, 2],
      [10, 1],
    ]);
    expect(tasks.calls).toEqual(['A(3)', 'A(2)', 'A(2)', 'A(1)']);
    const started = execution.events.filter(({ type }) => type === 'MapIterationStarted');
    expect(started.map(({ details }) => (details as { index: number }).index)).toEqual([0, 1, 1, 2]);
  });

  test('gives an iteration that failed and was tolerated another chance', async () => {
    const definition = machine({
      M: {
        Type: 'Map',
        ToleratedFailureCount: 1,
        ItemProcessor: {
          StartAt: 'A',
          States: { A: task({ Arguments: { of: '{% $states.input %}' }, Output: output }) },
        },
        End: true,
      },
    });
    const { tasks, execution } = broken(definition, ['A(1)', 'A(2)'], { input: [1, 2, 3] });
    expect(await execution.start()).toMatchObject({ error: 'States.ExceedToleratedFailureThreshold' });
    tasks.broken.delete('A(1)');
    expect((await execution.redrive()).output).toEqual(['A(1)', 'A(3)']);
  });
});

test('a journal of another machine is refused', async () => {
  const { execution } = broken(machine({ A: task({ Next: 'B' }), B: task() }), ['B']);
  await execution.start();
  execution.definition = machine({ X: task({ Next: 'B' }), B: task() });
  await expect(execution.redrive()).rejects.toThrow('the journal is not of this machine: visit 0 is of A, not X');
});

describe('Step Functions redrives', () => {
  const day = 86_400_000;
  const ended = { status: 'FAILED', startedAt: 0, endedAt: day, events: 24_998 } as const;

  test.each(['FAILED', 'ABORTED', 'TIMED_OUT'] as const)('an execution that %s within 14 days', (status) => {
    expect(whyNotRedrivable({ ...ended, status }, 15 * day)).toBeNull();
  });

  test.each([
    ['one that succeeded', { status: 'SUCCEEDED' }, 'SUCCEEDED: there is nothing to redrive'],
    ['one that runs', { status: 'RUNNING' }, 'is RUNNING: only an execution that has ended can be redriven'],
    ['one that ended earlier', { endedAt: day - 1 }, 'ended at 1970-01-01T23:59:59.999Z, which is older than 14 days'],
    ['one of more than a year', { startedAt: -351 * day }, 'an execution can be open for a year'],
    ['one with a full history', { events: 24_999 }, 'has a history of 24999 events'],
  ] as const)('never %s', (_, change, reason) => {
    expect(whyNotRedrivable({ ...ended, ...change }, 15 * day)).toContain(reason);
  });
});
