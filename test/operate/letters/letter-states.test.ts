import { expect, test } from 'vitest';
import { deadLetterKey } from '../../../lib/contract/object-keys.ts';
import { dismissLetter } from '../../../lib/operate/letters/dismiss-letter.ts';
import { isOpen, letterStates } from '../../../lib/operate/letters/letter-states.ts';
import { letter, Records } from '../records.ts';

/** Executions of run r1: the outcome of `first` in each (null: none) and the status of its end (null: no end). */
async function history(...executions: readonly (readonly [outcome: string | null, end: string | null])[]) {
  const records = new Records();
  await records.started();
  for (const [index, [outcome, end]] of executions.entries()) {
    const number = index + 1;
    const time = `2026-01-31T0${number}:00:00.000Z`;
    await records.execution(number, time);
    if (outcome) await records.outcome(number, 'first', { outcome: outcome as 'failed' });
    if (end) await records.ended(number, end, time);
  }
  return records;
}

const put = async (records: Records, execution: number, step: string) => {
  const one = letter(`demo/r1/${execution}/${step}`, `2026-01-31T0${execution}:00:00.000Z`);
  await records.put(deadLetterKey(one, step), one);
};

const closings = async (records: Records) =>
  Object.fromEntries(
    (await letterStates(records.store, 'demo')).map(({ letter: { execution, step }, closedBy }) => [
      `${execution}/${step}`,
      closedBy,
    ]),
  );

test.each([
  ['open while nothing came after it', [['failed', 'FAILED']], null],
  [
    'open when it failed again',
    [
      ['failed', 'FAILED'],
      ['failed', 'FAILED'],
    ],
    null,
  ],
  [
    'open when it was blocked or skipped since',
    [
      ['failed', 'FAILED'],
      ['blocked', 'FAILED'],
      ['skipped', 'FAILED'],
    ],
    null,
  ],
  [
    'open when the later execution died before it',
    [
      ['failed', 'FAILED'],
      [null, 'ABORTED'],
    ],
    null,
  ],
  [
    'closed once it succeeded, even if the run fails',
    [
      ['failed', 'FAILED'],
      ['succeeded', 'FAILED'],
    ],
    2,
  ],
  [
    'closed once it is reused',
    [
      ['failed', 'FAILED'],
      [null, 'ABORTED'],
      ['reused', null],
    ],
    3,
  ],
  [
    'closed although it failed again after a success',
    [
      ['failed', 'FAILED'],
      ['succeeded', 'FAILED'],
      ['failed', 'FAILED'],
    ],
    2,
  ],
] as const)("a step's letter is %s", async (_, executions, closedBy) => {
  const records = await history(...executions);
  await put(records, 1, 'first');
  expect(await closings(records)).toEqual({ '1/first': closedBy });
});

test('a success of the same or an earlier execution closes nothing', async () => {
  const records = await history(['succeeded', 'FAILED'], ['failed', 'FAILED']);
  await put(records, 2, 'first');
  expect(await closings(records)).toEqual({ '2/first': null });
});

test('the letter of an execution as a whole is open until the run has succeeded', async () => {
  const records = await history([null, 'ABORTED'], ['succeeded', 'FAILED'], ['reused', 'SUCCEEDED']);
  await put(records, 1, '_execution');
  expect(await closings(records)).toEqual({ '1/_execution': 3 });
  const before = await history([null, 'ABORTED'], ['succeeded', 'FAILED']);
  await put(before, 1, '_execution');
  expect(await closings(before)).toEqual({ '1/_execution': null });
});

test('a step that failed again has one open letter, the latest; the earlier one names it', async () => {
  const records = await history(['failed', 'FAILED'], ['failed', 'FAILED'], ['failed', 'FAILED']);
  for (const execution of [1, 2, 3]) await put(records, execution, 'first');
  await put(records, 2, 'second');
  const states = await letterStates(records.store, 'demo');
  expect(states.filter(isOpen).map(({ letter: { execution, step } }) => `${execution}/${step}`)).toEqual([
    '2/second',
    '3/first',
  ]);
  expect(states.map(({ replacedBy }) => replacedBy?.split('/').slice(-2).join('/') ?? null)).toEqual(
    states.map(({ letter: { step, execution } }) => (step === 'first' && execution < 3 ? '3/first' : null)),
  );
});

test('letters come oldest first', async () => {
  const records = await history(['failed', 'FAILED'], ['failed', 'FAILED']);
  for (const execution of [2, 1]) await put(records, execution, 'first');
  expect(Object.keys(await closings(records))).toEqual(['1/first', '2/first']);
});

test('a run that succeeds without a step closes the letters of that step', async () => {
  const records = await history(['failed', 'FAILED'], [null, 'SUCCEEDED']);
  await put(records, 1, 'first');
  expect(await letterStates(records.store, 'demo')).toMatchObject([{ closedBy: 2, closedBecause: 'removed' }]);
});

test('a letter that a person dismissed is closed, and keeps the first reason', async () => {
  const records = await history(['failed', 'FAILED']);
  await put(records, 1, 'first');
  const [state] = await letterStates(records.store, 'demo');
  if (!state) throw new Error('no letter');
  await dismissLetter(records.store, state.letter, { reason: 'the source is gone', now: 0 });
  const again = await dismissLetter(records.store, state.letter, { reason: 'another', now: 1 });
  expect(again).toEqual({ reason: 'the source is gone', dismissed_at: '1970-01-01T00:00:00.000Z' });
  const states = await letterStates(records.store, 'demo');
  expect(states).toMatchObject([{ closedBy: null, closedBecause: 'dismissed' }]);
  expect(states.filter(isOpen)).toEqual([]);
});
