import { describe, expect, test } from 'vitest';
import { prepare } from '../../../lib/runtime/execution/prepare.ts';
import { type Explored, explore, type Scenario } from '../exploration/explore.ts';
import type { Program } from '../exploration/process.ts';
import { aStart, StoppedClock } from '../fixtures.ts';

const clock = new StoppedClock();
const tick = { scheduled_time: '2026-02-01T01:00:00Z' };

/** Every execution counts as running at each look. */
const starts =
  (start: Parameters<typeof aStart>[0]): Program =>
  ({ store }) =>
    prepare(aStart(start), { store, clock, executions: { status: async () => 'RUNNING' } });

type Answer = {
  readonly run?: { readonly execution: number; readonly execution_arn: string };
  readonly refused?: string;
};

/** Explores the programs side by side; `check` gets what each was answered. */
const race = (
  programs: Readonly<Record<string, Program>>,
  check: (answers: Readonly<Record<string, Answer>>) => boolean,
  mutate?: NonNullable<Scenario<null>['mutate']>,
): Promise<Explored> =>
  explore({
    programs,
    start: { label: 'start', facts: null, start: Object.keys(programs).map((name) => ({ name, program: name })) },
    happenings: () => [],
    check: () => null,
    checkEnd: ({ processes }) => {
      const answers = Object.fromEntries(
        [...processes].map(([name, { point }]) => [
          name,
          (point.end && 'value' in point.end ? point.end.value : {}) as Answer,
        ]),
      );
      return check(answers) ? null : `answers: ${JSON.stringify(answers)}`;
    },
    ...(mutate && { mutate }),
  });

const owners = (answers: Readonly<Record<string, Answer>>) =>
  new Set(Object.values(answers).flatMap(({ run }) => (run ? [`${run.execution_arn} as ${run.execution}`] : [])));
const all = (answers: Readonly<Record<string, Answer>>) =>
  Object.values(answers).every(({ run, refused }) => run ?? refused);

describe('starts at the same moment, every interleaving', () => {
  const input = { daybreak: { run_id: 'r' } };
  const two = { one: starts({ arn: 'arn:1', input }), two: starts({ arn: 'arn:2', input }) };

  test('of two executions of one run exactly one goes on, also when Prepare is invoked twice', async () => {
    const explored = await race({ ...two, 'one again': starts({ arn: 'arn:1', input }) }, (answers) => {
      const { one, two: other, 'one again': again } = answers;
      return (
        all(answers) &&
        owners(answers).size === 1 &&
        (one?.run === undefined) !== (other?.run === undefined) &&
        JSON.stringify(one) === JSON.stringify(again)
      );
    });
    console.info(`prepare: ${explored.interleavings} interleavings, ${explored.states} states, ${explored.ends} ends`);
    expect(explored.interleavings).toBeGreaterThan(1_000n);
  });

  test.each([
    ['with one lease', '2026-01-30', '2026-01-30'],
    ['with leases that differ', '2026-01-30', '2026-01-31'],
  ])('of two executions of one run exactly one goes on where runs must not overlap, %s', async (_, one, other) => {
    const pipeline = { overlap: { policy: 'skip', key: 'day' } };
    const starting = (arn: string, day: string) => starts({ arn, input: { ...input, day }, pipeline });
    const starters = { one: starting('arn:1', one), two: starting('arn:2', other), again: starting('arn:1', one) };
    const explored = await race(starters, (answers) => {
      const winner = [...owners(answers)];
      return (
        all(answers) && winner.length === 1 && (answers.one?.run === undefined) !== (answers.two?.run === undefined)
      );
    });
    expect(explored.interleavings).toBeGreaterThan(1_000n);
  });

  test('of two deliveries of one tick exactly one goes on', async () => {
    const ticks = {
      one: starts({ arn: 'arn:1', input: { daybreak: tick } }),
      two: starts({ arn: 'arn:2', input: { daybreak: tick } }),
    };
    const explored = await race(ticks, (answers) => all(answers) && owners(answers).size === 1);
    expect(explored.interleavings).toBeGreaterThan(10n);
  });

  test('a redrive and a late Prepare of the execution before it get different numbers', async () => {
    const both = { first: starts({ arn: 'arn:1', input }), redriven: starts({ arn: 'arn:1', input, redrive: 1 }) };
    await race(both, (answers) => owners(answers).size === 2);
  });

  test('when execution numbers can be written over, two executions of one run go on', async () => {
    const overwriting: NonNullable<Scenario<null>['mutate']> = (operation) =>
      operation.kind === 'put' ? { operation: { kind: 'put', key: operation.key, body: operation.body } } : {};
    await expect(race(two, (answers) => owners(answers).size === 1, overwriting)).rejects.toThrow('answers');
  });
});
