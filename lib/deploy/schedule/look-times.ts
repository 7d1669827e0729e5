import type { DeadlineSetting } from '../../contract/events/deadline-setting.ts';
import { occurrencesBetween, type ScheduleClock } from '../../input/deadline-times.ts';

/** Fourteen months have every weekday, every date but February 29th, and both changes of the clock in every zone. */
const [sampleFrom, sampleTo] = [Date.UTC(2026, 0, 1), Date.UTC(2027, 2, 1)];

const hour = 3_600_000;

/** In a window of at most this length someone looks each minute, in a longer one every five. So a day has at most 288 looks, or 300 in hours of many short windows. */
const shortWindow = 2 * hour;

/**
 * The cron expression, in UTC, of the looks at deadlines: from an hour before each scheduled start to an hour after its deadline, and in the minute of each deadline. UTC has no clock
 * changes, and the hour on each side is more than one moves. Looks outside of a window end at once.
 */
export function lookExpression(schedule: ScheduleClock, deadlines: readonly DeadlineSetting[]): string {
  const occurrences = deadlines.flatMap((one) => occurrencesBetween(schedule, one, { from: sampleFrom, to: sampleTo }));
  const hours = new Set<number>();
  const minutes = new Set<number>();
  let longest = 0;
  for (const { start, readyBy } of occurrences) {
    longest = Math.max(longest, readyBy - start);
    minutes.add(Math.floor(readyBy / 60_000) % 60);
    for (let at = start - hour; at <= readyBy + hour; at += hour) hours.add(Math.floor(at / hour) % 24);
    hours.add(Math.floor((readyBy + hour) / hour) % 24);
  }
  const step = longest <= shortWindow ? 1 : 5;
  for (let minute = 0; minute < 60; minute += step) minutes.add(minute);
  return `cron(${list(minutes, 60)} ${list(hours, 24)} * * ? *)`;
}

const list = (values: ReadonlySet<number>, all: number): string =>
  values.size === 0 || values.size === all ? '*' : [...values].sort((a, b) => a - b).join(',');
