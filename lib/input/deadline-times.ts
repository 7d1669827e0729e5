/** The moments of deadlines, and the scheduled starts that they belong to. */
import { type CronTimes, startsAfter } from './schedule-times.ts';
import { clockChanges, instantsOf, wallTime } from './zone-clock.ts';

/** A time of day in a zone. */
export interface TimeOfDay {
  /** Minutes after midnight. */
  readonly ready_by: number;
  readonly timezone: string;
}

/** The starts of a pipeline. */
export interface ScheduleClock {
  readonly times: CronTimes;
  readonly timezone: string;
}

/** A scheduled start and its deadline: milliseconds since 1970. */
export interface Occurrence {
  readonly start: number;
  readonly readyBy: number;
}

const day = 86_400_000;

/** The next moment of a time of day after a start. A start at that very time has a day. */
export function readyByAfter(start: number, { ready_by, timezone }: TimeOfDay): number {
  const midnight = Math.floor(wallTime(start, timezone) / day) * day;
  for (let date = midnight - day; ; date += day) {
    const moment = momentOf(date + ready_by * 60_000, timezone);
    if (moment > start) return moment;
  }
}

/**
 * The deadlines from one instant to another, each with the last start before it: if several starts have the same next moment, readers wait for the data of the last one. A
 * moment without a start since the moment before it, on a Sunday for example, is no deadline.
 */
export function occurrencesBetween(
  schedule: ScheduleClock,
  time: TimeOfDay,
  { from, to }: { readonly from: number; readonly to: number },
): Occurrence[] {
  const found: Occurrence[] = [];
  let previous = readyByAfter(from - 2 * day, time);
  for (let moment = readyByAfter(previous, time); moment <= to; moment = readyByAfter(moment, time)) {
    if (moment >= from) {
      // A start at the moment before belongs to this one. The end is a wall time there, so it lies a day later.
      const starts = startsAfter(schedule.times, schedule.timezone, {
        after: previous - 1,
        end: moment + day,
        count: 3_000,
      });
      const start = starts.findLast((one) => one < moment);
      if (start !== undefined) found.push({ start, readyBy: moment });
    }
    previous = moment;
  }
  return found;
}

/** The instant at which a zone's clock shows a time: the first of two; if the clock jumps over it, the moment of the jump. */
function momentOf(wall: number, zone: string): number {
  const [first] = instantsOf(wall, zone);
  if (first !== undefined) return first;
  const jump = clockChanges(wall - 2 * day, wall + 2 * day, zone).find(({ from, to }) => from <= wall && wall < to);
  return jump?.instant ?? wall;
}
