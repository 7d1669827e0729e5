/** Calendar days of a time zone, exact across its clock changes: days are counted on the calendar, never as 24 hours. */

/** The calendar day (`2026-01-31`) that an instant has in a zone; a day stays itself. */
export function dayOf(time: string, zone: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(time)) return time;
  return wallClock(instantOf(time), zone).slice(0, 10);
}

/** The instant as its zone writes it, with the offset of that moment: `2026-07-01T03:00:00+02:00`. */
export function inZone(time: string, zone: string): string {
  const instant = instantOf(time);
  const wall = wallClock(instant, zone);
  const minutes = Math.round((Date.parse(`${wall}Z`) - Math.floor(instant / 1000) * 1000) / 60_000);
  if (minutes === 0) return `${wall}Z`;
  const size = Math.abs(minutes);
  return `${wall}${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** The day `days` after (before, if negative) a day. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The same day of the month `months` later (earlier, if negative); the month's last day where it has no such day. */
export function addMonths(day: string, months: number): string {
  const first = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
  first.setUTCMonth(first.getUTCMonth() + months);
  const month = first.toISOString().slice(0, 7);
  const last = monthEnd(`${month}-01`);
  const same = `${month}-${day.slice(8)}`;
  return same < last ? same : last;
}

/** The Monday of the day's week. */
export function weekStart(day: string): string {
  return addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
}

/** The first day of the day's month. */
export function monthStart(day: string): string {
  return `${day.slice(0, 7)}-01`;
}

/** The last day of the day's month. */
export function monthEnd(day: string): string {
  const [year = 0, month = 0] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

function instantOf(time: string): number {
  const instant = Date.parse(time);
  if (Number.isNaN(instant))
    throw new RangeError(`${JSON.stringify(time)} is not a time such as "2026-01-31T01:00:00Z"`);
  return instant;
}

/** `2026-07-01T03:00:00`, as a clock on the zone's wall shows it. */
function wallClock(instant: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(instant);
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? '00';
  return `${of('year').padStart(4, '0')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}:${of('second')}`;
}

const two = (value: number): string => String(value).padStart(2, '0');
