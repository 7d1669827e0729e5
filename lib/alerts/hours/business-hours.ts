/** Business hours on the wall clock of a zone, as instants. Pure: a caller gives the time. */
import type { BusinessHours } from '../../contract/events/alert-settings.ts';
import { clockChanges, instantsOf, wallTime } from '../../input/zone-clock.ts';

const day = 86_400_000;
const minute = 60_000;

/** Holidays and long weekends end within this many days; beyond it the settings have no business hours at all. */
const furthestDays = 400;

/**
 * True if the instant lies in business hours. The wall clock decides, so an hour that a clock change repeats counts twice, and one that it skips does not exist.
 * Hours that end after midnight belong to the day on which they began.
 */
export function isBusinessTime(instant: number, hours: BusinessHours): boolean {
  const wall = wallTime(instant, hours.timezone);
  const midnight = Math.floor(wall / day) * day;
  return [midnight - day, midnight].some((start) => isInHoursOf(start, wall, hours));
}

/** Returns the first instant of business hours that is not before the given one; null if none follows within 400 days. */
export function nextBusinessTime(instant: number, hours: BusinessHours): number | null {
  if (isBusinessTime(instant, hours)) return instant;
  const today = Math.floor(wallTime(instant, hours.timezone) / day) * day;
  for (let offset = -1; offset <= furthestDays; offset += 1) {
    const start = today + offset * day;
    if (!beginsOn(start, hours)) continue;
    // The clock can skip the beginning, or enter the hours again when it is set back. Both happen at a change of the clock.
    const changes = clockChanges(start - 2 * day, start + 3 * day, hours.timezone).map((change) => change.instant);
    const [first] = [...instantsOf(start + hours.from * minute, hours.timezone), ...changes]
      .filter((candidate) => candidate >= instant && isInHoursOf(start, wallTime(candidate, hours.timezone), hours))
      .sort((a, b) => a - b);
    if (first !== undefined) return first;
  }
  return null;
}

/** True if a wall time lies in the hours that begin on a day, which is given by its midnight. */
function isInHoursOf(midnight: number, wall: number, hours: BusinessHours): boolean {
  const end = midnight + hours.to * minute + (hours.to <= hours.from ? day : 0);
  return beginsOn(midnight, hours) && wall >= midnight + hours.from * minute && wall < end;
}

function beginsOn(midnight: number, { days, holidays }: BusinessHours): boolean {
  const date = new Date(midnight);
  return days.includes(date.getUTCDay()) && !holidays.includes(date.toISOString().slice(0, 10));
}
