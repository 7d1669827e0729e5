/** The five fields of a cron expression, as sets of values. */
export interface CronFields {
  readonly minute: readonly number[];
  readonly hour: readonly number[];
  readonly dayOfMonth: readonly number[];
  readonly month: readonly number[];
  /** 0 to 6, Sunday is 0. */
  readonly dayOfWeek: readonly number[];
  /** Whether a day field begins with `*`: cron then takes the other day field alone. */
  readonly anyDayOfMonth: boolean;
  readonly anyDayOfWeek: boolean;
}

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const fields = [
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day of month', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12, names: months },
  { name: 'day of week', least: 0, most: 7, names: weekdays },
] as const satisfies readonly Field[];

const nicknames: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** The sets of a five-field expression, or a sentence about what is wrong with it. */
export function parseCron(expression: string): CronFields | string {
  const trimmed = expression.trim();
  if (trimmed.startsWith('@') && nicknames[trimmed.toLowerCase()] === undefined)
    return `"${trimmed}" is not a nickname; there are ${Object.keys(nicknames).join(', ')}`;
  const parts = (nicknames[trimmed.toLowerCase()] ?? trimmed).split(/\s+/);
  if (/^cron\(/i.test(trimmed) || parts.length === 6)
    return 'it has six fields, as EventBridge writes it; write the five of cron (minute, hour, day of month, month, day of week), they are translated';
  if (parts.length !== 5)
    return `it has ${parts.length === 1 && parts[0] === '' ? 0 : parts.length} fields; cron has five: minute, hour, day of month, month, day of week`;
  const sets: number[][] = [];
  for (const [index, field] of fields.entries()) {
    const values = parseField(parts[index] ?? '', field);
    if (typeof values === 'string') return `the ${field.name} "${parts[index]}" ${values}`;
    sets.push(values);
  }
  const [minute = [], hour = [], dayOfMonth = [], month = [], week = []] = sets;
  const dayOfWeek = sorted(week.map((day) => day % 7));
  return {
    minute,
    hour,
    dayOfMonth,
    month,
    dayOfWeek,
    anyDayOfMonth: parts[2]?.startsWith('*') === true && dayOfMonth.length === 31,
    anyDayOfWeek: parts[4]?.startsWith('*') === true && dayOfWeek.length === 7,
  };
}

const sorted = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

const parseField = (text: string, field: Field): number[] | string => {
  const values: number[] = [];
  for (const part of text.split(',')) {
    const range = parsePart(part, field);
    if (typeof range === 'string') return range;
    for (let value = range.from; value <= range.to; value += range.step) values.push(value);
  }
  return sorted(values);
};

const parsePart = (part: string, field: Field): { from: number; to: number; step: number } | string => {
  const most = field.names === weekdays ? 6 : field.most;
  const [range = '', stepText, ...rest] = part.split('/');
  const step = stepText === undefined ? 1 : Number(stepText);
  if (rest.length > 0 || (stepText !== undefined && !/^\d+$/.test(stepText))) return 'has a step that is not a number';
  if (step < 1) return 'has a step of 0; a step is 1 or more';
  if (step > field.most) return `has a step of ${step}, which is longer than the field`;
  if (range === '*') return { from: field.least, to: most, step };
  const [first = '', last, ...more] = range.split('-');
  if (more.length > 0 || first === '' || last === '') return 'is not a number, a range, a list or "*"';
  const from = parseValue(first, field);
  if (typeof from === 'string') return from;
  if (last === undefined)
    return stepText === undefined
      ? { from, to: from, step }
      : `has a step without a range; write ${first}-${most}/${step}`;
  const end = parseValue(last, field);
  if (typeof end === 'string') return end;
  // Sunday closes a week as well as opening it: MON-SUN.
  const to = field.names === weekdays && end === 0 && from > 0 ? 7 : end;
  return from <= to
    ? { from, to, step }
    : `has a range that runs backwards; write ${first}-${most},${field.least}-${last}`;
};

const parseValue = (text: string, field: Field): number | string => {
  const name = field.names?.indexOf(text.toUpperCase()) ?? -1;
  if (name >= 0) return name + (field.names === months ? 1 : 0);
  if (/^[?LW#]|[LW#]/i.test(text) && !/^\d+$/.test(text) && !field.names?.some((n) => n.startsWith(text.toUpperCase())))
    return `has "${text}", which five-field cron does not know`;
  if (!/^\d+$/.test(text))
    return `has "${text}", which is not a number${field.names ? ` or one of ${field.names.join(', ')}` : ''}`;
  const value = Number(text);
  return value >= field.least && value <= field.most
    ? value
    : `has ${text}; it goes from ${field.least} to ${field.most}`;
};
