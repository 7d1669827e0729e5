import type { CronTimes } from '../../../input/schedule-times.ts';

/** The times of a five-field cron expression. */
export interface Cron extends CronTimes {
  /** True for each day field that begins with `*`: cron then takes the other day field alone. */
  readonly anyDayOfMonth: boolean;
  readonly anyDayOfWeek: boolean;
}

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** The least value has the first name. */
  readonly names?: readonly string[];
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const fields: readonly Field[] = [
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day of month', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12, names: months },
  { name: 'day of week', least: 0, most: 6, names: weekdays },
];

const nicknames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '@yearly': '0 0 1 1 *',
    '@annually': '0 0 1 1 *',
    '@monthly': '0 0 1 * *',
    '@weekly': '0 0 * * 0',
    '@daily': '0 0 * * *',
    '@midnight': '0 0 * * *',
    '@hourly': '0 * * * *',
  }),
);

/** The mistake in an expression, as the end of a sentence. */
class Fault extends Error {}

/** The times of a five-field expression, or a sentence about what is wrong with it. */
export function parseCron(expression: string): Cron | string {
  try {
    const parts = split(expression.trim());
    const sets = fields.map((field, index) => parseField(parts[index] ?? '', field));
    const [minutes = [], hours = [], daysOfMonth = [], monthsOfYear = [], daysOfWeek = []] = sets;
    return {
      minutes,
      hours,
      daysOfMonth,
      months: monthsOfYear,
      daysOfWeek,
      anyDayOfMonth: parts[2]?.startsWith('*') === true && daysOfMonth.length === 31,
      anyDayOfWeek: parts[4]?.startsWith('*') === true && daysOfWeek.length === 7,
    };
  } catch (fault) {
    if (fault instanceof Fault) return fault.message;
    throw fault;
  }
}

function split(expression: string): string[] {
  const [, zone, rest] = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/s.exec(expression) ?? [];
  if (zone !== undefined) throw new Fault(`it names a zone; write "${rest}" here and the zone under timezone: ${zone}`);
  if (/^@every\b/i.test(expression)) throw new Fault('it is an interval; write "rate: 1 hour" instead of "cron"');
  const nickname = nicknames.get(expression.toLowerCase());
  if (expression.startsWith('@') && nickname === undefined)
    throw new Fault(`"${expression}" is not a nickname; there are ${[...nicknames.keys()].join(', ')}`);
  const parts = (nickname ?? expression).split(/\s+/).filter((part) => part !== '');
  const names = 'minute, hour, day of month, month, day of week';
  if (/^cron\(/i.test(expression) || parts.length === 6)
    throw new Fault(
      `it has six fields, as EventBridge writes it; write the five of cron (${names}), Daybreak translates them`,
    );
  if (parts.length !== 5) throw new Fault(`it has ${parts.length} fields; cron has five: ${names}`);
  return parts;
}

function parseField(text: string, field: Field): number[] {
  try {
    const values = text.split(',').flatMap((part) => parsePart(part, field));
    // Sunday closes a week as well as opening it.
    return [...new Set(values.map((value) => (field.names === weekdays ? value % 7 : value)))].sort((a, b) => a - b);
  } catch (fault) {
    throw fault instanceof Fault ? new Fault(`the ${field.name} "${text}" ${fault.message}`) : fault;
  }
}

function parsePart(part: string, field: Field): number[] {
  const { least, most } = field;
  const [range = '', stepText, ...rest] = part.split('/');
  if (rest.length > 0 || (stepText !== undefined && !/^\d+$/.test(stepText)))
    throw new Fault('has a step that is not a number');
  const step = Number(stepText ?? 1);
  if (step < 1) throw new Fault('has a step of 0; a step is 1 or more');
  if (step > Math.max(most, 7)) throw new Fault(`has a step of ${step}, which is longer than the field`);
  if (range === '*') return every(least, most, step);
  const [first = '', last, ...more] = range.split('-');
  if (more.length > 0 || first === '' || last === '') throw new Fault('is not a number, a range, a list or "*"');
  const from = parseValue(first, field);
  const week = field.names === weekdays;
  const opening = week ? from % 7 : from;
  if (last === undefined) {
    if (stepText === undefined) return [from];
    throw new Fault(`has a step without a range; write ${opening}-${most}/${step}`);
  }
  const end = parseValue(last, field);
  if (from <= end) return every(from, end, step);
  // MON-SUN and 5-0: the week closes with Sunday.
  if (week && end === 0) return every(from, 7, step);
  const by = stepText === undefined ? '' : `/${step}`;
  const instead = opening <= end ? `${opening}-${end}${by}` : `${opening}-${most}${by},${least}-${end}${by}`;
  throw new Fault(`has a range that runs backwards; write ${instead}`);
}

const every = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

function parseValue(text: string, { names = [], least, most }: Field): number {
  const name = names.indexOf(text.toUpperCase());
  if (name >= 0) return name + least;
  const highest = names === weekdays ? 7 : most;
  if (!/^\d+$/.test(text)) {
    const dialect = /[?LW#]/i.test(text) && !names.some((one) => one.startsWith(text.toUpperCase()));
    if (dialect) throw new Fault(`has "${text}", which five-field cron does not know`);
    throw new Fault(`has "${text}", which is not a number${names.length > 0 ? ` or one of ${names.join(', ')}` : ''}`);
  }
  const value = Number(text);
  if (value < least || value > highest) throw new Fault(`has ${text}; it goes from ${least} to ${highest}`);
  return value;
}
