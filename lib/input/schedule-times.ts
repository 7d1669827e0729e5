/** When a schedule starts runs: the times on a zone's wall that a cron expression names, and the instants at which they come. */
import { clockChanges, instantsOf, wallTime } from './zone-clock.ts';

/** The five fields of a cron expression as ascending lists. A day has to be in both of its fields. */
export interface CronTimes {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth: readonly number[];
  /** From 1. */
  readonly months: readonly number[];
  /** From 0, Sunday. */
  readonly daysOfWeek: readonly number[];
}

const day = 86_400_000;

/** Every time of the expression on a wall, from one wall time up to, not including, another. */
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

/** A time of a schedule that its zone's clock jumps over, or shows twice, on the day when it is set. */
export interface DisturbedTime {
  readonly kind: 'skipped' | 'repeated';
  /** What the clock shows. */
  readonly wall: number;
  /** The clock is set from this time to that. */
  readonly from: number;
  readonly to: number;
}

/** The starts of an expression after an instant, at most `count` of them and none after `end`. EventBridge Scheduler skips a time that does not exist and starts once at a time that comes twice. */
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

/** The first time between two instants that is skipped, and the first that is repeated. An expression of every hour loses no start to a skipped hour. */
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

/** The longest time in minutes between two starts, with the hour that a change of the clock can add; infinite when there is one start in years at most. */
export function longestGapMinutes(times: CronTimes): number {
  let [longest, previous] = [0, Number.NaN];
  // Nine years hold two leap days, so also a schedule for the 29th of February has a gap.
  for (const wall of wallTimes(times, Date.UTC(2024, 0, 1), Date.UTC(2033, 0, 1))) {
    if (wall - previous > longest) longest = wall - previous;
    previous = wall;
  }
  return longest === 0 ? Number.POSITIVE_INFINITY : longest / 60_000 + 60;
}
