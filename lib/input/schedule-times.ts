/** The start times of a schedule: the wall times of a cron expression in a zone, and their instants. */
import { clockChanges, instantsOf, wallTime } from './zone-clock.ts';

/** The five fields of a cron expression as ascending lists. A day must match both of its fields. */
export interface CronTimes {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth: readonly number[];
  /** Months from 1. */
  readonly months: readonly number[];
  /** Days from 0, Sunday. */
  readonly daysOfWeek: readonly number[];
}

const day = 86_400_000;

/** Yields every wall time of the expression, from one wall time up to, but without, another. */
function* wallTimes(times: CronTimes, from: number, to: number): Generator<number> {
  for (let midnight = Math.floor(from / day) * day; midnight < to; midnight += day) {
    if (!isDayOf(times, new Date(midnight))) continue;
    for (const hour of times.hours)
      for (const minute of times.minutes) {
        const wall = midnight + hour * 3_600_000 + minute * 60_000;
        if (wall >= from && wall < to) yield wall;
      }
  }
}

const isDayOf = ({ daysOfMonth, months, daysOfWeek }: CronTimes, date: Date): boolean =>
  months.includes(date.getUTCMonth() + 1) &&
  daysOfMonth.includes(date.getUTCDate()) &&
  daysOfWeek.includes(date.getUTCDay());

/** A time of a schedule that its zone's clock skips or repeats on the day of a clock change. */
export interface DisturbedTime {
  readonly kind: 'skipped' | 'repeated';
  /** The wall time. */
  readonly wall: number;
  /** The clock moves from this time to `to`. */
  readonly from: number;
  readonly to: number;
}

/**
 * Returns the starts of an expression after an instant: at most `count`, and none after `end`. EventBridge Scheduler skips a time that does not exist and
 * starts once at a time that occurs twice.
 */
export function startsAfter(
  times: CronTimes,
  zone: string,
  { after, end, count }: { readonly after: number; readonly end: number; readonly count: number },
): number[] {
  const starts: number[] = [];
  for (const wall of wallTimes(times, wallTime(after, zone), end)) {
    const [instant] = instantsOf(wall, zone);
    if (instant !== undefined && instant > after) starts.push(instant);
    if (starts.length >= count) break;
  }
  return starts;
}

/** Returns the first skipped and the first repeated time between two instants. An hourly expression loses no start to a skipped hour. */
export function disturbedTimes(
  times: CronTimes,
  zone: string,
  { after, end }: { readonly after: number; readonly end: number },
): DisturbedTime[] {
  const found: DisturbedTime[] = [];
  for (const { from, to } of clockChanges(after, end, zone)) {
    const kind = to > from ? 'skipped' : 'repeated';
    if (found.some((time) => time.kind === kind) || (kind === 'skipped' && times.hours.length === 24)) continue;
    const [wall] = wallTimes(times, Math.min(from, to), Math.max(from, to));
    if (wall !== undefined) found.push({ kind, wall, from, to });
  }
  return found;
}

/** Returns the longest time in minutes between two starts, including the hour that a clock change can add; infinite for at most one start in nine years. */
export function longestGapMinutes(times: CronTimes): number {
  let [longest, previous] = [0, Number.NaN];
  // Nine years hold two leap days, so a schedule for February 29th also has a gap.
  for (const wall of wallTimes(times, Date.UTC(2024, 0, 1), Date.UTC(2033, 0, 1))) {
    if (wall - previous > longest) longest = wall - previous;
    previous = wall;
  }
  return longest === 0 ? Number.POSITIVE_INFINITY : longest / 60_000 + 60;
}
