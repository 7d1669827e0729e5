import { type Cron, parseCron } from './cron-fields.ts';

/** A cron expression with its times, and EventBridge's form of it. */
export interface TranslatedCron {
  readonly expression: string;
  readonly times: Cron;
}

const longestMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** EventBridge's expression for a five-field cron expression, with exactly the same times on the zone's clock; or a sentence that says why there is none. */
export function eventBridgeCron(text: string): TranslatedCron | string {
  const times = parseCron(text);
  if (typeof times === 'string') return times;
  const { minutes, hours, daysOfMonth, months, daysOfWeek, anyDayOfMonth, anyDayOfWeek } = times;
  if (!anyDayOfMonth && !anyDayOfWeek)
    return 'it restricts both the day of month and the day of week, which EventBridge cannot express; put "*" into one of the two and let the first step skip the other days, or make two pipelines';
  const [earliest = 1] = daysOfMonth;
  if (anyDayOfWeek && months.every((month) => earliest > (longestMonth[month - 1] ?? 31)))
    return 'no month in it has such a day, so it would never run';
  const month = show(months, 1, 12);
  // EventBridge counts weekdays from 1, Sunday, and knows no step that both dialects read alike.
  const days = anyDayOfWeek
    ? [show(daysOfMonth, 1, 31), month, '?']
    : [
        '?',
        month,
        show(
          daysOfWeek.map((weekday) => weekday + 1),
          1,
          0,
        ),
      ];
  return { expression: `cron(${[show(minutes, 0, 59), show(hours, 0, 23), ...days, '*'].join(' ')})`, times };
}

/** The shortest form that both dialects read alike: `*`, a range, `start/step` that runs to the end of the field, or a plain list. Without an end of the field, a range or a list. */
function show(values: readonly number[], least: number, most: number): string {
  const [first = least, second = first] = values;
  const last = values.at(-1) ?? first;
  if (values.length === most - least + 1) return '*';
  if (values.length > 2 && last - first === values.length - 1) return `${first}-${last}`;
  const step = second - first;
  const even = values.every((value, index) => value === first + index * step);
  return values.length > 2 && even && most > least && last + step > most ? `${first}/${step}` : values.join(',');
}
