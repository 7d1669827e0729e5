/** The moments at which days and hours of a zone begin and end, exact across clock changes. Wall times are numbers, as in `zone-clock.ts`. */
import { clockChanges, offsetAt } from '../zone-clock.ts';

const day = 86_400_000;
const hour = 3_600_000;

/** A stretch of time in which a zone keeps one offset; milliseconds since 1970. */
interface Period {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

/** Part of a period: an hour as the zone's clock shows it. */
export interface HourBounds {
  readonly start: number;
  readonly end: number;
  /** The zone's offset in it, in milliseconds. */
  readonly offset: number;
}

/**
 * Returns the first moment at which a zone's clock shows midnight of a day (`2026-11-29`) or later. Two days have the same one if the clock skipped the first of them.
 */
export function startOfDay(text: string, zone: string): number {
  const midnight = Date.parse(`${text}T00:00:00Z`);
  for (const { from, to, offset } of periodsAround(midnight, zone)) {
    const start = Math.max(from, midnight - offset);
    if (start < to) return start;
  }
  throw new RangeError(`${text} does not begin in ${zone}`);
}

/**
 * Returns the hours whose wall time begins at `wall`, in order: none if the clock skips it, two if it shows it twice. A clock that moves by less than an hour makes shorter ones.
 */
export function hoursAt(wall: number, zone: string): HourBounds[] {
  return periodsAround(wall, zone)
    .map(({ from, to, offset }) => ({
      start: Math.max(from, wall - offset),
      end: Math.min(to, wall + hour - offset),
      offset,
    }))
    .filter(({ start, end }) => start < end);
}

/** The periods of two days before and after a wall time, so of every moment that may have it: Samoa once moved its clock by a whole day. */
function periodsAround(wall: number, zone: string): Period[] {
  const [start, end] = [wall - 2 * day, wall + 2 * day];
  const moments = [start, ...clockChanges(start, end, zone).map(({ instant }) => instant), end];
  return moments.slice(0, -1).map((from, index) => {
    const to = moments[index + 1] ?? end;
    return { from, to, offset: offsetAt(from, zone) };
  });
}
