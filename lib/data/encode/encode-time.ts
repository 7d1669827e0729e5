import { Misfit } from './misfit.ts';

/** Returns a day in its stored form: "2026-01-31". */
export function encodeDate(value: unknown): string {
  // A Date is a moment: its day depends on a zone that no one has given.
  if (typeof value !== 'string') throw new Misfit('a day is given as a string, such as "2026-01-31"', value);
  if (value.length !== 10 || !beginsWithDay(value)) throw new Misfit('it is not a day such as "2026-01-31"', value);
  return value;
}

/** Returns a moment as ISO 8601 in UTC, with microseconds at most. */
export function encodeTimestamp(value: unknown): string {
  if (typeof value === 'string') return isPlain(value) ? value : normalized(value);
  const ms = value instanceof Date ? value.getTime() : Number.NaN;
  if (Number.isNaN(ms)) throw new Misfit('it is not a moment such as "2026-01-31T12:00:00.000Z"', value);
  return inRange(new Date(ms).toISOString(), value);
}

const inRange = (text: string, value: unknown): string => {
  if (!/^[^+-]/.test(text) || text.startsWith('0000')) throw new Misfit('its year is not between 1 and 9999', value);
  return text;
};

const [dash, dot, colon, zero, capitalT, capitalZ] = [45, 46, 58, 48, 84, 90];
const longMonths = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Returns the digit at an index. It is NaN if there is none, so every sum and comparison with it fails. */
const digit = (text: string, at: number): number => {
  const value = text.charCodeAt(at) - zero;
  return value >= 0 && value <= 9 ? value : Number.NaN;
};
const pair = (text: string, at: number): number => digit(text, at) * 10 + digit(text, at + 1);

/** True if a text begins with a valid calendar day of the years 1 to 9999. */
const beginsWithDay = (text: string): boolean => {
  if (text.charCodeAt(4) !== dash || text.charCodeAt(7) !== dash) return false;
  const year = pair(text, 0) * 100 + pair(text, 2);
  const month = pair(text, 5);
  const day = pair(text, 8);
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1)) return false;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 && !isLeap ? 28 : (longMonths[month] ?? 0));
};

/** True if a text is a moment in its stored form, with no fraction, milliseconds or microseconds. This is the fast path for nearly every moment. */
const isPlain = (text: string): boolean => {
  const end = text.length - 1;
  if ((end !== 19 && end !== 23 && end !== 26) || text.charCodeAt(end) !== capitalZ) return false;
  if (text.charCodeAt(10) !== capitalT || text.charCodeAt(13) !== colon || text.charCodeAt(16) !== colon) return false;
  if (!(pair(text, 11) <= 23 && pair(text, 14) <= 59 && pair(text, 17) <= 59) || !beginsWithDay(text)) return false;
  if (end > 19 && text.charCodeAt(19) !== dot) return false;
  for (let at = 20; at < end; at += 1) if (Number.isNaN(digit(text, at))) return false;
  return true;
};

const moment =
  /^(?<date>\d{4}-\d\d-\d\d)[T ](?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:\.(?<fraction>\d+))?)?(?<zone>Z|[+-]\d\d:?\d\d)$/;

const normalized = (text: string): string => {
  const { date = '', hour, minute, second = '00', fraction = '', zone = '' } = moment.exec(text)?.groups ?? {};
  if (!beginsWithDay(date)) {
    if (/^\d{4}-\d\d-\d\d([T ][\d:.]+)?$/.test(text))
      throw new Misfit('its time zone is missing (such as Z or +01:00)', text);
    throw new Misfit('it is not a moment such as "2026-01-31T12:00:00.000Z"', text);
  }
  if (/[1-9]/.test(fraction.slice(6))) throw new Misfit('it is finer than a microsecond', text);
  const start = Date.parse(`${date}T${hour}:${minute}:${second}.000Z`) - offsetMs(zone);
  if (hour === '24' || Number.isNaN(start))
    throw new Misfit('it is not a moment such as "2026-01-31T12:00:00.000Z"', text);
  const seconds = inRange(new Date(start).toISOString(), text).slice(0, 19);
  return `${seconds}.${fraction.slice(0, 6).padEnd(3, '0')}Z`;
};

const offsetMs = (zone: string): number => {
  if (zone === 'Z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (hours > 23 || minutes > 59) return Number.NaN;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
};
