import { describe, expect, test } from 'vitest';
import { scheduledFor } from '../../lib/cli/schedule/scheduled-for.ts';
import type { SchedulePlan } from '../../lib/compiler/plan/plan.ts';

const every = (count: number, first = 0): number[] => Array.from({ length: count }, (_, index) => index + first);

const at = (
  hours: readonly number[],
  days: readonly number[] = every(7),
  timezone = 'Europe/Berlin',
): SchedulePlan => ({
  expression: 'cron(...)',
  times: { minutes: [30], hours, daysOfMonth: every(31, 1), months: every(12, 1), daysOfWeek: days },
  timezone,
  enabled: true,
  input: {},
});

const plan = (schedule: SchedulePlan | null) => ({ name: 'nightly', schedule });

describe('a start of a schedule at 02:30 in Berlin', () => {
  const nightly = plan(at([2]));
  test.each([
    ['a day in winter', '2026-01-31', '2026-01-31T01:30:00.000Z'],
    ['a day in summer', '2026-07-01', '2026-07-01T00:30:00.000Z'],
    ['a time of day', '2026-01-31T02:30', '2026-01-31T01:30:00.000Z'],
    ['a time with a blank', '2026-01-31 02:30', '2026-01-31T01:30:00.000Z'],
    ['a moment in UTC', '2026-01-31T01:30:00Z', '2026-01-31T01:30:00.000Z'],
    ['a moment with an offset', '2026-01-31T02:30+01:00', '2026-01-31T01:30:00.000Z'],
    // On 25 October 2026 02:30 occurs twice in Berlin; EventBridge Scheduler starts at the first, at 02:30+02:00.
    ['the time that a clock change repeats', '2026-10-25', '2026-10-25T00:30:00.000Z'],
  ])('may be named by %s', (_, text, moment) => {
    expect(scheduledFor(text, nightly)).toBe(moment);
  });

  test.each([
    [
      'a time at which it does not start',
      '2026-01-31T03:00',
      'the schedule does not start then; the nearest starts are 2026-01-31T02:30 (2026-01-31T01:30:00Z), 2026-02-01T02:30 (2026-02-01T01:30:00Z)',
    ],
    // 02:30 does not exist on 29 March 2026.
    [
      'a day that loses its start to a clock change',
      '2026-03-29',
      'the nearest starts are 2026-03-28T02:30 (2026-03-28T01:30:00Z), 2026-03-30T02:30 (2026-03-30T00:30:00Z)',
    ],
    ['a day that does not exist', '2026-02-30', 'is no time; write a day (2026-01-31), a time in Europe/Berlin'],
    ['nonsense', 'yesterday', 'is no time'],
  ])('is not %s', (_, text, message) => {
    expect(() => scheduledFor(text, nightly)).toThrow(message);
  });
});

test('the nearest starts of a weekly schedule are days away', () => {
  // 4 and 11 January 2026 are Sundays.
  expect(() => scheduledFor('2026-01-07', plan(at([2], [0])))).toThrow(
    'the nearest starts are 2026-01-04T02:30 (2026-01-04T01:30:00Z), 2026-01-11T02:30 (2026-01-11T01:30:00Z)',
  );
});

test('a day with several starts has to be named more exactly', () => {
  expect(() => scheduledFor('2026-01-31', plan(at([2, 14])))).toThrow(
    'that day has 2 starts; name one of them: 2026-01-31T02:30 (2026-01-31T01:30:00Z), 2026-01-31T14:30 (2026-01-31T13:30:00Z)',
  );
});

test('a day is one of the zone: 23:30 in Auckland is before noon of the same day in UTC', () => {
  expect(scheduledFor('2026-01-31', plan(at([23], every(7), 'Pacific/Auckland')))).toBe('2026-01-31T10:30:00.000Z');
});

test('a rate has no times, so only a moment names one of its starts', () => {
  const rate = plan({ ...at([2]), expression: 'rate(1 hour)', times: null });
  expect(scheduledFor('2026-01-31T01:00:00Z', rate)).toBe('2026-01-31T01:00:00.000Z');
  expect(() => scheduledFor('2026-01-31', rate)).toThrow('the schedule "rate(1 hour)" has no times of day');
});

test('a pipeline without a schedule has no starts', () => {
  expect(() => scheduledFor('2026-01-31', plan(null))).toThrow('pipeline "nightly" has no schedule');
});
