import { Misfit } from './misfit.ts';

const day = /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)$/;
const moment =
  /^(?<date>\d{4}-\d\d-\d\d)[T ](?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:\.(?<fraction>\d+))?)?(?<zone>Z|[+-]\d\d:?\d\d)$/;

/** Milliseconds of midnight UTC, or null for a day that no calendar has. `new Date` would make March 2nd of February 30th. */
const midnight = (text: string): number | null => {
  const groups = day.exec(text)?.groups;
  if (groups === undefined || groups.year === '0000') return null;
  const ms = Date.parse(`${text}T00:00:00.000Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text) ? ms : null;
};

/** A day as it is stored: "2026-01-31". */
export const encodeDate = (value: unknown): string => {
  // A Date is a moment: its day depends on a zone that nobody has named.
  if (typeof value !== 'string') throw new Misfit('a day is given as a string, such as "2026-01-31"', value);
  if (midnight(value) === null) throw new Misfit('it is not a day such as "2026-01-31"', value);
  return value;
};

/** A moment as it is stored: ISO 8601, UTC, milliseconds. */
export const encodeTimestamp = (value: unknown): string => {
  const ms = value instanceof Date ? value.getTime() : typeof value === 'string' ? parseMoment(value) : Number.NaN;
  if (Number.isNaN(ms)) throw new Misfit('it is not a moment such as "2026-01-31T12:00:00.000Z"', value);
  const text = new Date(ms).toISOString();
  if (text.length !== 24 || text.startsWith('0000')) throw new Misfit('its year is not between 1 and 9999', value);
  return text;
};

const parseMoment = (text: string): number => {
  const { date = '', hour, minute, second = '00', fraction = '', zone = '' } = moment.exec(text)?.groups ?? {};
  const start = midnight(date);
  if (start === null) {
    if (/^\d{4}-\d\d-\d\d([T ][\d:.]+)?$/.test(text))
      throw new Misfit('its time zone is missing (such as Z or +01:00)', text);
    return Number.NaN;
  }
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return Number.NaN;
  if (/[1-9]/.test(fraction.slice(3))) throw new Misfit('it is finer than a millisecond', text);
  const millis = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return start + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + millis - offsetMs(zone);
};

const offsetMs = (zone: string): number => {
  if (zone === 'Z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (hours > 23 || minutes > 59) return Number.NaN;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
};
