import { describe, expect, test } from 'vitest';
import { scheduleInput } from '../../lib/input/schedule-input.ts';

const evaluate = async (expression: string, scheduledTime: string, timezone: string) => {
  const { input, violations } = await scheduleInput({ it: `{% ${expression} %}` }, { scheduledTime, timezone });
  expect(violations).toEqual([]);
  return input.it;
};

describe('days of a schedule', () => {
  test.each([
    // Berlin: +1 in winter, +2 from 2026-03-29T01:00Z to 2026-10-25T01:00Z.
    ['scheduled_time', '2026-01-15T00:30:00Z', 'Europe/Berlin', '2026-01-15T01:30:00+01:00'],
    ['scheduled_time', '2026-07-15T00:30:00Z', 'Europe/Berlin', '2026-07-15T02:30:00+02:00'],
    ['scheduled_time', '2026-07-15T00:30:00Z', 'UTC', '2026-07-15T00:30:00Z'],
    ['scheduled_time', '2026-07-15T00:30:00Z', 'Asia/Kolkata', '2026-07-15T06:00:00+05:30'],
    ['scheduled_time', '2026-01-15T00:30:00Z', 'America/St_Johns', '2026-01-14T21:00:00-03:30'],
    ['$today(scheduled_time)', '2026-01-31T23:30:00Z', 'Europe/Berlin', '2026-02-01'],
    ['$yesterday(scheduled_time)', '2026-01-31T23:30:00Z', 'Europe/Berlin', '2026-01-31'],
    ['$today(scheduled_time)', '2026-01-01T03:00:00Z', 'America/New_York', '2025-12-31'],
    // The day before is 23 or 25 hours long: 24 hours back would be another day.
    ['$yesterday(scheduled_time)', '2026-03-29T22:30:00Z', 'Europe/Berlin', '2026-03-29'],
    ['$yesterday(scheduled_time)', '2026-10-25T23:30:00Z', 'Europe/Berlin', '2026-10-25'],
    ['$yesterday(scheduled_time)', '2026-10-25T22:30:00Z', 'Europe/Berlin', '2026-10-24'],
    // Santiago springs forward at midnight: 2026-09-06 begins at 01:00.
    ['$today(scheduled_time)', '2026-09-06T04:00:00Z', 'America/Santiago', '2026-09-06'],
    ['$yesterday(scheduled_time)', '2026-09-07T03:30:00Z', 'America/Santiago', '2026-09-06'],
    // Samoa had no 30 December 2011: calendar days continue.
    ['$today(scheduled_time)', '2011-12-30T10:30:00Z', 'Pacific/Apia', '2011-12-31'],
    ['$days_ago(scheduled_time, 7)', '2026-03-03T12:00:00Z', 'UTC', '2026-02-24'],
    ['$days_ago(scheduled_time, 1)', '2024-03-01T12:00:00Z', 'UTC', '2024-02-29'],
    ['$week_start(scheduled_time)', '2026-02-01T12:00:00Z', 'UTC', '2026-01-26'],
    ['$week_start(scheduled_time)', '2026-02-02T12:00:00Z', 'UTC', '2026-02-02'],
    ['$month_start(scheduled_time)', '2026-02-28T23:30:00Z', 'Europe/Berlin', '2026-03-01'],
    ['$month_end(scheduled_time)', '2024-02-10T00:00:00Z', 'UTC', '2024-02-29'],
    ['$month_start($days_ago($month_start(scheduled_time), 1))', '2026-01-15T00:00:00Z', 'UTC', '2025-12-01'],
    ['$months_ago(scheduled_time, 1)', '2026-03-31T12:00:00Z', 'UTC', '2026-02-28'],
    ['$substring($yesterday(scheduled_time), 0, 7)', '2026-02-01T12:00:00Z', 'UTC', '2026-01'],
  ])('%s at %s in %s is %s', async (expression, time, zone, expected) => {
    expect(await evaluate(expression, time, zone)).toBe(expected);
  });
});

test('only strings that are expressions are evaluated, at any depth', async () => {
  const template = { a: [{ b: '{% $today(scheduled_time) %}' }], text: 'at {% 1 %}', n: 5, list: '{% [1, 2] %}' };
  const { input } = await scheduleInput(template, { scheduledTime: '2026-02-01T12:00:00Z', timezone: 'UTC' });
  expect(input).toEqual({ a: [{ b: '2026-02-01' }], text: 'at {% 1 %}', n: 5, list: [1, 2] });
});
