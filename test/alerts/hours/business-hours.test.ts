import { describe, expect, test } from 'vitest';
import { isBusinessTime, nextBusinessTime } from '../../../lib/alerts/hours/business-hours.ts';
import type { BusinessHours } from '../../../lib/contract/events/alert-settings.ts';

const weekdays = [1, 2, 3, 4, 5];
const office: BusinessHours = { days: weekdays, from: 540, to: 1020, timezone: 'Europe/Berlin', holidays: [] };
const at = (text: string): number => Date.parse(text);
const next = (text: string, hours: BusinessHours): string | null => {
  const found = nextBusinessTime(at(text), hours);
  return found === null ? null : new Date(found).toISOString();
};

describe('business hours', () => {
  test('begin with their first minute and end before their last one', () => {
    const inside = ['2026-12-01T08:00:00Z', '2026-12-01T15:59:59Z'];
    const outside = ['2026-12-01T07:59:59Z', '2026-12-01T16:00:00Z', '2026-12-05T10:00:00Z'];
    expect(inside.map((text) => isBusinessTime(at(text), office))).toEqual([true, true]);
    expect(outside.map((text) => isBusinessTime(at(text), office))).toEqual([false, false, false]);
  });

  test('keep the wall clock over both clock changes', () => {
    expect(next('2026-03-27T17:00:00Z', office)).toBe('2026-03-30T07:00:00.000Z');
    expect(next('2026-10-23T17:00:00Z', office)).toBe('2026-10-26T08:00:00.000Z');
  });

  test('leave holidays out', () => {
    const hours = { ...office, holidays: ['2026-12-25', '2026-12-28'] };
    expect(next('2026-12-24T17:00:00Z', hours)).toBe('2026-12-29T08:00:00.000Z');
  });

  test('belong to the day on which they begin if they end after midnight', () => {
    const night = { ...office, days: [5], from: 1320, to: 360 };
    expect(isBusinessTime(at('2026-12-05T04:59:00Z'), night)).toBe(true);
    expect(isBusinessTime(at('2026-12-05T05:00:00Z'), night)).toBe(false);
    expect(isBusinessTime(at('2026-12-04T04:00:00Z'), night)).toBe(false);
    expect(next('2026-12-05T05:00:00Z', night)).toBe('2026-12-11T21:00:00.000Z');
  });

  test('begin when the clock has moved if it skips their beginning', () => {
    // In New York 02:00 to 03:00 does not exist on March 8th 2026, which is a Sunday.
    const hours = { days: [0], from: 150, to: 240, timezone: 'America/New_York', holidays: [] };
    expect(next('2026-03-08T00:00:00Z', hours)).toBe('2026-03-08T07:00:00.000Z');
  });

  test('are entered again if the clock is set back into them', () => {
    // In New York 01:00 to 02:00 occurs twice on November 1st 2026.
    const hours = { days: [0], from: 60, to: 120, timezone: 'America/New_York', holidays: [] };
    expect(next('2026-11-01T05:59:00Z', hours)).toBe('2026-11-01T05:59:00.000Z');
    expect(next('2026-11-01T06:00:00Z', hours)).toBe('2026-11-01T06:00:00.000Z');
    expect(next('2026-11-01T07:00:00Z', hours)).toBe('2026-11-08T06:00:00.000Z');
  });

  test('move by half an hour on Lord Howe Island, where the clock does', () => {
    // Offset +10:30 until October 4th 2026, then +11:00.
    const hours = { ...office, timezone: 'Australia/Lord_Howe' };
    expect(next('2026-10-01T23:00:00Z', hours)).toBe('2026-10-01T23:00:00.000Z');
    expect(next('2026-10-03T00:00:00Z', hours)).toBe('2026-10-04T22:00:00.000Z');
    expect(next('2026-09-26T00:00:00Z', hours)).toBe('2026-09-27T22:30:00.000Z');
  });

  test('never come if every day is a holiday', () => {
    expect(nextBusinessTime(at('2026-12-01T00:00:00Z'), { ...office, days: [] })).toBe(null);
  });
});
