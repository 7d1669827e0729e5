import { describe, expect, test } from 'vitest';
import type { Json } from '../../../lib/contract/json.ts';
import { machine, run, start, task } from './run.ts';

const large = 'x'.repeat(256 * 1024);
const caught = { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'D' }], Next: 'D' };
const done: Json = { Type: 'Succeed' };

describe('more than 256 KiB fails with States.DataLimitExceeded, which States.ALL does not catch:', () => {
  test.each<[string, Json]>([
    ['a result', task({ Output: 1, ...caught })],
    ['arguments', task({ Arguments: { a: '{% $pad("", 300000, "x") %}' }, ...caught })],
    ['an output', { Type: 'Pass', Output: ['{% $pad("", 300000, "x") %}'], Next: 'D' }],
    ['an assignment', { Type: 'Pass', Assign: { a: '{% $pad("", 300000, "x") %}' }, Next: 'D' }],
    ['characters of several bytes', { Type: 'Pass', Output: '{% $pad("", 100000, "€") %}', Next: 'D' }],
  ])('%s', async (_, state) => {
    const result = await run(machine({ A: state, D: done }), { runTask: async () => large });
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  test('the input of the execution', async () => {
    expect(await run(machine({ D: done }), { input: { large } })).toMatchObject({ error: 'States.DataLimitExceeded' });
  });
});

test('all variables together may have 10 MiB', async () => {
  const states: Record<string, Json> = {};
  for (let i = 0; i < 60; i++) {
    states[`S${i}`] = { Type: 'Pass', Assign: { [`v${i}`]: '{% $pad("", 200000, "x") %}' }, Next: `S${i + 1}` };
  }
  const result = await run(machine({ ...states, S60: done }));
  expect(result).toMatchObject({ error: 'States.DataLimitExceeded', transitions: 53 });
});

test('an endless loop ends with the longest history that AWS keeps', async () => {
  const execution = start(
    machine({
      A: { Type: 'Pass', Next: 'B' },
      B: { Type: 'Choice', Choices: [{ Condition: true, Next: 'A' }], Default: 'D' },
      D: done,
    }),
  );
  expect(await execution.finish()).toMatchObject({ status: 'FAILED', error: 'States.Runtime', events: 25_000 });
});

describe('speed', () => {
  /** Tasks in a row that hand a variable around, as compiled pipelines do. */
  const row = (length: number): Json => {
    const states: Record<string, Json> = {
      I: { Type: 'Pass', Assign: { run: { id: 'r', input: { a: 1 } } }, Next: 'S1' },
    };
    for (let i = 1; i <= length; i++) {
      states[`S${i}`] = task({
        Arguments: { run: '{% $run %}', attempt: '{% $states.context.State.RetryCount + 1 %}' },
        Output: {},
        TimeoutSeconds: 60,
        ...(i < length && { Next: `S${i + 1}` }),
      });
    }
    return machine(states);
  };

  /** Milliseconds of processor time since `before`: how busy the machine is does not count. */
  const spentSince = (before: NodeJS.CpuUsage): number => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };

  test('500 tasks take less than two seconds of processor time, loading included', async () => {
    const before = process.cpuUsage();
    expect(await run(row(500), { runTask: async () => null })).toMatchObject({ status: 'SUCCEEDED', transitions: 501 });
    expect(spentSince(before)).toBeLessThan(2000);
  });

  test('60 tasks that each wait take less than 60 ms of processor time, the machine warm', async () => {
    const once = async (): Promise<number> => {
      const execution = start(row(60), { runTask: async () => execution.clock.sleep(1000).then(() => null) });
      const before = process.cpuUsage();
      expect(await execution.finish()).toMatchObject({ status: 'SUCCEEDED' });
      return spentSince(before);
    };
    const times: number[] = [];
    for (let i = 0; i < 10; i++) times.push(await once());
    expect(Math.min(...times)).toBeLessThan(60);
  });
});
