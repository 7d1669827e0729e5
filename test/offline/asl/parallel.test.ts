import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../lib/contract/json.ts';
import { TaskFailure } from '../../../lib/offline/asl/api.ts';
import { machine, run, start, task } from './run.ts';

const wait = (seconds: number): Json => ({ Type: 'Wait', Seconds: seconds, End: true });
const branch = (name: string, state: Json): Json => ({ StartAt: name, States: { [name]: state } });
const parallel = (branches: Json[], more: Record<string, Json> = {}): Json => ({
  Type: 'Parallel',
  Branches: branches,
  ...('Next' in more ? {} : { End: true }),
  ...more,
});
const fail = (error: string): Json => ({ Type: 'Fail', Error: error });

/** Work as a number of seconds, one after the other, or side by side. */
type Work = number | { readonly series: readonly Work[] } | { readonly beside: readonly Work[] };

const work = fc.letrec<{ work: Work }>((tie) => ({
  work: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.integer({ min: 0, max: 100 }),
    fc.array(tie('work'), { minLength: 1, maxLength: 4 }).map((series) => ({ series })),
    fc.array(tie('work'), { minLength: 1, maxLength: 4 }).map((beside) => ({ beside })),
  ),
})).work;

/** Seconds on the longest way through. */
const criticalPath = (one: Work): number => {
  if (typeof one === 'number') return one;
  if ('series' in one) return one.series.reduce<number>((sum, part) => sum + criticalPath(part), 0);
  return Math.max(...one.beside.map(criticalPath));
};

/** States of some work: names are made from `prefix`, the last one goes to `next`. */
const states = (one: Work, prefix: string, next: string | null): Record<string, Json> => {
  const onward = next === null ? { End: true } : { Next: next };
  if (typeof one === 'number') return { [prefix]: { Type: 'Wait', Seconds: one, ...onward } };
  if ('beside' in one) {
    const Branches = one.beside.map((part, i) => ({
      StartAt: `${prefix}${i}`,
      States: states(part, `${prefix}${i}`, null),
    }));
    return { [prefix]: { Type: 'Parallel', Branches, ...onward } };
  }
  return Object.assign(
    { [prefix]: { Type: 'Pass', Next: `${prefix}0` } },
    ...one.series.map((part, i) =>
      states(part, `${prefix}${i}`, i + 1 < one.series.length ? `${prefix}${i + 1}` : next),
    ),
  );
};

describe('a Parallel', () => {
  test('gives the outputs of its branches in their order, not in the order of their ends', async () => {
    const Pass = (output: Json): Json => ({ Type: 'Pass', Output: output, End: true });
    const slow = { StartAt: 'A', States: { A: { Type: 'Wait', Seconds: 9, Next: 'B' }, B: Pass(1) } };
    const execution = start(
      machine({ P: parallel([slow, branch('C', Pass('{% $states.input %}'))], { Arguments: { x: 2 } }) }),
    );
    expect(await execution.finish()).toMatchObject({ output: [1, { x: 2 }] });
    expect(execution.types()).toEqual([
      'ExecutionStarted',
      'ParallelStateEntered',
      'ParallelStateStarted',
      'WaitStateEntered',
      'PassStateEntered',
      'PassStateExited',
      'WaitStateExited',
      'PassStateEntered',
      'PassStateExited',
      'ParallelStateSucceeded',
      'ParallelStateExited',
      'ExecutionSucceeded',
    ]);
  });

  test('of any nesting takes as long as its critical path, to the millisecond', async () => {
    await fc.assert(
      fc.asyncProperty(work, async (one) => {
        const execution = start(machine(states(one, 'S', null)));
        const began = execution.clock.now();
        expect(await execution.finish()).toMatchObject({ status: 'SUCCEEDED' });
        expect(execution.clock.now() - began).toBe(criticalPath(one) * 1000);
        expect(execution.clock.pending).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  test('is failed by the first failure, which stops the other branches at once', async () => {
    const inner = branch('I', parallel([branch('J', wait(50)), branch('K', wait(60))]));
    const failing = { StartAt: 'A', States: { A: { Type: 'Wait', Seconds: 5, Next: 'B' }, B: fail('E') } };
    const execution = start(machine({ P: parallel([branch('L', wait(70)), failing, inner]) }));
    const began = execution.clock.now();
    expect(await execution.finish()).toMatchObject({ status: 'FAILED', error: 'E' });
    expect(execution.clock.now() - began).toBe(5000);
    expect(execution.clock.pending).toBe(0);
    const last = execution.events.map(({ type, state }) => `${type} ${state ?? ''}`.trim()).slice(-8);
    expect(last).toEqual([
      'WaitStateExited A',
      'FailStateEntered B',
      'WaitStateAborted J',
      'WaitStateAborted K',
      'WaitStateAborted L',
      'ParallelStateAborted I',
      'ParallelStateFailed P',
      'ExecutionFailed',
    ]);
  });

  test('that fails fires the signals of running tasks and kills their tokens', async () => {
    const token = task({ Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken' });
    const signals: AbortSignal[] = [];
    const tokens: string[] = [];
    const execution = start(machine({ P: parallel([branch('A', task()), branch('B', token), branch('C', task())]) }), {
      runTask: async (call) => {
        if (call.state === 'C') throw new TaskFailure('E', 'no');
        signals.push(call.signal);
        if (call.token !== null) tokens.push(call.token);
        return call.token === null ? new Promise<Json>(() => undefined) : null;
      },
    });
    expect(await execution.finish()).toMatchObject({ error: 'E' });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(tokens.map((one) => execution.succeedTask(one, null))).toEqual([false]);
  });

  test('records a failure only when its retries are used up, and a caught one as well', async () => {
    const Retry = [{ ErrorEquals: ['E'], MaxAttempts: 1 }];
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'D' }];
    const execution = start(
      machine({ P: parallel([branch('A', fail('E'))], { Retry, Catch, Next: 'D' }), D: { Type: 'Succeed' } }),
    );
    expect(await execution.finish()).toMatchObject({ status: 'SUCCEEDED', output: { Error: 'E' }, transitions: 5 });
    expect(execution.types()).toEqual([
      'ExecutionStarted',
      'ParallelStateEntered',
      'ParallelStateStarted',
      'FailStateEntered',
      'ParallelStateStarted',
      'FailStateEntered',
      'ParallelStateFailed',
      'ParallelStateExited',
      'SucceedStateEntered',
      'SucceedStateExited',
      'ExecutionSucceeded',
    ]);
  });
});

describe('variables', () => {
  const read = (name: string): Json => ({ Type: 'Pass', Output: `{% $${name} %}`, End: true });

  test('of the outside are read by branches; those of a branch end with it', async () => {
    const inside = {
      StartAt: 'A',
      States: { A: { Type: 'Pass', Assign: { y: '{% $x + 1 %}' }, Next: 'B' }, B: read('y') },
    };
    const definition = (last: Json): Json =>
      machine({ S: { Type: 'Pass', Assign: { x: 1 }, Next: 'P' }, P: parallel([inside], { Next: 'L' }), L: last });
    expect((await run(definition({ Type: 'Pass', End: true }))).output).toEqual([2]);
    expect(await run(definition(read('y')))).toMatchObject({ error: 'States.QueryEvaluationError' });
  });

  test('may have one name in a branch and in the Catch of the Parallel around it, as AWS takes it', async () => {
    const inside = {
      StartAt: 'A',
      States: { A: { Type: 'Pass', Assign: { x: 1 }, Next: 'F' }, F: { Type: 'Fail', Error: 'E', Cause: 'c' } },
    };
    const caught = { ErrorEquals: ['States.ALL'], Assign: { x: '{% $states.errorOutput.Error %}' }, Next: 'L' };
    const definition = machine({ P: parallel([inside], { Catch: [caught], Next: 'L' }), L: read('x') });
    expect((await run(definition)).output).toBe('E');
  });

  test('change when the state is left: its expressions see the old values', async () => {
    const definition = machine({
      S: { Type: 'Pass', Assign: { a: 1, b: 2 }, Next: 'T' },
      T: { Type: 'Pass', Assign: { a: '{% $b %}', b: '{% $a %}' }, Output: '{% [$a, $b] %}', Next: 'U' },
      U: { Type: 'Pass', Output: { before: '{% $states.input %}', after: '{% [$a, $b] %}' }, End: true },
    });
    expect((await run(definition)).output).toEqual({ before: [1, 2], after: [2, 1] });
  });
});
