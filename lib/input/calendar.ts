/** Calendar days of a time zone, exact across clock changes: code counts days on the calendar, never as 24 hours. */
import { instantExample, isDay, parseInstant } from './instant.ts';
import { offsetAt, wallTime } from './zone-clock.ts';

/** Returns an instant's calendar day (`2026-01-31`) in a zone; a day stays unchanged. */
export function dayOf(time: string, zone: string): string {
  return isDay(time) ? time : isoText(wallTime(instantOf(time), zone)).slice(0, 10);
}

/** Returns an instant in its zone's time, with the offset of that moment: `2026-07-01T03:00:00+02:00`. */
export function inZone(time: string, zone: string): string {
  const instant = instantOf(time);
  const wall = isoText(wallTime(instant, zone));
  const minutes = Math.round(offsetAt(instant, zone) / 60_000);
  if (minutes === 0) return `${wall}Z`;
  const size = Math.abs(minutes);
  return `${wall}${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** Returns the day `days` after a day (before, if negative). */
export function addDays(day: string, days: number): string {
  return isoText(Date.parse(`${day}T00:00:00Z`) + whole(days) * 86_400_000).slice(0, 10);
}

/** Returns the same day of the month `months` later (earlier, if negative), or the month's last day if it has no such day. */
export function addMonths(day: string, months: number): string {
  const first = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
  first.setUTCMonth(first.getUTCMonth() + whole(months));
  const month = first.toISOString().slice(0, 7);
  const last = monthEnd(`${month}-01`);
  const same = `${month}-${day.slice(8)}`;
  return same < last ? same : last;
}

/** Returns the Monday of the day's week. */
export function weekStart(day: string): string {
  return addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
}

/** Returns the first day of the day's month. */
export function monthStart(day: string): string {
  return `${day.slice(0, 7)}-01`;
}

/** Returns the last day of the day's month. */
export function monthEnd(day: string): string {
  const [year = 0, month = 0] = day.split('-').map(Number);
  return isoText(Date.UTC(year, month, 0)).slice(0, 10);
}

function instantOf(time: unknown): number {
  const instant = typeof time === 'string' ? parseInstant(time) : null;
  if (instant !== null) return instant;
  const what = time === undefined ? 'a missing value' : JSON.stringify(time);
  throw new RangeError(`${what} is neither a time such as "${instantExample}" nor a day such as "2026-01-31"`);
}

function whole(count: unknown): number {
  if (typeof count === 'number' && Number.isInteger(count)) return count;
  throw new RangeError(`${JSON.stringify(count) ?? 'a missing value'} is not a whole number`);
}

/** `2026-07-01T03:00:00`. */
const isoText = (wall: number): string => new Date(wall).toISOString().slice(0, 19);

const two = (value: number): string => String(value).padStart(2, '0');
