/**
 * Wall clocks of a time zone: the wall time at an instant, and the instants with a given wall time. Wall times are numbers too: milliseconds since 1970 as if
 * the clock were in UTC.
 */

const day = 86_400_000;

/** Offsets change at most twice within this many milliseconds, including Morocco's changes during Ramadan. */
const changeStep = 14 * day;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Returns a zone's wall time at an instant, to the second. */
export function wallTime(instant: number, zone: string): number {
  const parts = formatOf(zone).formatToParts(instant);
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
}

/** Returns a zone's offset from UTC at an instant, in milliseconds; positive east of Greenwich. */
export function offsetAt(instant: number, zone: string): number {
  return wallTime(instant, zone) - Math.floor(instant / 1000) * 1000;
}

/** Returns the instants at which a zone's clock shows a time, in order: none if the clock skips it, two if it occurs twice. */
export function instantsOf(wall: number, zone: string): number[] {
  const offsets = new Set([offsetAt(wall - day, zone), offsetAt(wall + day, zone)]);
  return [...offsets]
    .map((offset) => wall - offset)
    .filter((instant) => wallTime(instant, zone) === wall)
    .sort((a, b) => a - b);
}

/** A moment at which a zone's clock changes: it shows `from` until then, and `to` from then on. */
export interface ClockChange {
  readonly instant: number;
  readonly from: number;
  readonly to: number;
}

/** Returns each change of a zone's clock between two instants, in order. */
export function clockChanges(start: number, end: number, zone: string): ClockChange[] {
  const changes: ClockChange[] = [];
  for (let at = start; at < end; at += changeStep) {
    const next = Math.min(at + changeStep, end);
    const [before, after] = [offsetAt(at, zone), offsetAt(next, zone)];
    if (before === after) continue;
    let [low, high] = [at, next];
    while (high - low > 1000) {
      const middle = Math.floor((low + high) / 2000) * 1000;
      if (offsetAt(middle, zone) === before) low = middle;
      else high = middle;
    }
    const instant = Math.floor(high / 1000) * 1000;
    changes.push({ instant, from: instant + before, to: instant + after });
  }
  return changes;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-CA', {
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
  });
  formats.set(zone, format);
  return format;
}
