import { describe, expect, test } from 'vitest';
import { occurrencesBetween, readyByAfter } from '../../lib/input/deadline-times.ts';

const berlin = (hours: number, minutes = 0) => ({ ready_by: hours * 60 + minutes, timezone: 'Europe/Berlin' });
const at = (text: string): number => Date.parse(text);
const all = (count: number, first: number): number[] => Array.from({ length: count }, (_, index) => first + index);
const cron = (hours: readonly number[], daysOfWeek = all(7, 0)) => ({
  times: { minutes: [0], hours, daysOfMonth: all(31, 1), months: all(12, 1), daysOfWeek },
  timezone: 'Europe/Berlin',
});
const shown = (schedule: ReturnType<typeof cron>, time: ReturnType<typeof berlin>, from: string, to: string) =>
  occurrencesBetween(schedule, time, { from: at(from), to: at(to) }).map(({ start, readyBy }) =>
    [start, readyBy].map((one) => new Date(one).toISOString().slice(0, 16)).join(' > '),
  );

describe('the moment of a deadline', () => {
  test.each([
    ['on the same day', '2026-01-10T00:00Z', berlin(7), '2026-01-10T06:00Z'],
    ['after midnight', '2026-01-10T21:00Z', berlin(2), '2026-01-11T01:00Z'],
    ['a day after a start at that very time', '2026-01-10T06:00Z', berlin(7), '2026-01-11T06:00Z'],
    // 2026-03-29: the clock goes from 02:00 to 03:00.
    ['at the jump, where the clock skips it', '2026-03-28T23:30Z', berlin(2, 30), '2026-03-29T01:00Z'],
    ['in summer time after the jump', '2026-03-28T23:30Z', berlin(7), '2026-03-29T05:00Z'],
    // 2026-10-25: 02:30 comes twice.
    ['the first of two', '2026-10-24T22:30Z', berlin(2, 30), '2026-10-25T00:30Z'],
    ['not the second of two, but the next day', '2026-10-25T00:45Z', berlin(2, 30), '2026-10-26T01:30Z'],
  ])('is %s', (_, start, time, expected) => {
    expect(new Date(readyByAfter(at(start), time)).toISOString()).toBe(new Date(expected).toISOString());
  });
});

describe('a deadline belongs to a scheduled start', () => {
  test('so a pipeline that runs on weekdays has none on Sunday', () => {
    const weekdays = cron([1], [1, 2, 3, 4, 5]);
    // 2026-01-09 is a Friday.
    expect(shown(weekdays, berlin(7), '2026-01-09T00:00Z', '2026-01-12T23:00Z')).toEqual([
      '2026-01-09T00:00 > 2026-01-09T06:00',
      '2026-01-12T00:00 > 2026-01-12T06:00',
    ]);
  });

  test('of the evening before, where it lies after midnight', () => {
    expect(shown(cron([22], [5]), berlin(6), '2026-01-09T00:00Z', '2026-01-16T00:00Z')).toEqual([
      '2026-01-09T21:00 > 2026-01-10T05:00',
    ]);
  });

  test('of the day before, where it starts at that very time', () => {
    expect(shown(cron([7], [5]), berlin(7), '2026-01-09T00:00Z', '2026-01-12T00:00Z')).toEqual([
      '2026-01-09T06:00 > 2026-01-10T06:00',
    ]);
  });

  test('the last one before it, where several have the same', () => {
    expect(shown(cron(all(24, 0)), berlin(7), '2026-01-09T00:00Z', '2026-01-10T00:00Z')).toEqual([
      '2026-01-09T05:00 > 2026-01-09T06:00',
    ]);
  });
});
