import { type CronFields, parseCron } from './cron-fields.ts';

/** What EventBridge takes for a five-field cron expression, at exactly the same times; or why that cannot be. */
export function eventBridgeCron(expression: string): { readonly cron: string } | { readonly problem: string } {
  const fields = parseCron(expression);
  if (typeof fields === 'string') return { problem: fields };
  if (!fields.anyDayOfMonth && !fields.anyDayOfWeek)
    return {
      problem:
        'it restricts both the day of month and the day of week, which EventBridge cannot express; put "*" into one of the two and let the first step skip the other days, or make two pipelines',
    };
  if (neverComes(fields)) return { problem: 'no month in it has such a day, so it would never run' };
  const days = fields.anyDayOfWeek
    ? [show(fields.dayOfMonth, 1, 31), show(fields.month, 1, 12), '?']
    : ['?', show(fields.month, 1, 12), showWeekdays(fields.dayOfWeek)];
  return { cron: `cron(${[show(fields.minute, 0, 59), show(fields.hour, 0, 23), ...days, '*'].join(' ')})` };
}

const longestMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const neverComes = (fields: CronFields): boolean =>
  fields.anyDayOfWeek && fields.month.every((month) => (fields.dayOfMonth[0] ?? 1) > (longestMonth[month - 1] ?? 31));

/** The shortest form that both dialects read alike: `*`, a range, `start/step` that runs to the end of the field, or a plain list. */
const show = (values: readonly number[], least: number, most: number): string => {
  const [first = least, second = first] = values;
  const last = values.at(-1) ?? first;
  if (values.length === most - least + 1) return '*';
  if (values.length > 2 && last - first === values.length - 1) return `${first}-${last}`;
  const step = second - first;
  const even = values.every((value, index) => value === first + index * step);
  return values.length > 2 && even && last + step > most ? `${first}/${step}` : values.join(',');
};

/** EventBridge counts weekdays from 1, Sunday. */
const showWeekdays = (days: readonly number[]): string => {
  const values = days.map((day) => day + 1);
  const [first = 1] = values;
  const last = values.at(-1) ?? first;
  return values.length > 2 && last - first === values.length - 1 ? `${first}-${last}` : values.join(',');
};
