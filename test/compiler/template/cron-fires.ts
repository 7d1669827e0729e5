/** Two readings of cron, written from the manuals and not from our code: whether an expression fires at a UTC minute. */

interface Dialect {
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
  /** Number of the first name. */
  readonly base?: number;
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const matches = (field: string, value: number, { least, most, names, base = 0 }: Dialect): boolean =>
  field.split(',').some((part) => {
    const [range = '', step = '1'] = part.split('/');
    const [a = '', b] = range.split('-');
    const number = (text: string): number => (names?.includes(text) ? names.indexOf(text) + base : Number(text));
    const from = a === '*' ? least : number(a);
    const to = a === '*' ? most : b !== undefined ? number(b) : part.includes('/') ? most : from;
    return value >= from && value <= to && (value - from) % Number(step) === 0;
  });

/** crontab(5): when both day fields are restricted (do not begin with "*"), either may match. */
export function crontabFires(expression: string, at: Date): boolean {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = expression.split(' ');
  const week = { least: 0, most: 6, names: weekdays };
  const byDay = matches(day, at.getUTCDate(), { least: 1, most: 31 });
  const sunday = at.getUTCDay() === 0 && matches(weekday, 7, { ...week, most: 7 }) && !weekday.startsWith('*');
  const byWeekday = matches(weekday, at.getUTCDay(), week) || sunday;
  const either = !day.startsWith('*') && !weekday.startsWith('*');
  return (
    matches(minute, at.getUTCMinutes(), { least: 0, most: 59 }) &&
    matches(hour, at.getUTCHours(), { least: 0, most: 23 }) &&
    matches(month, at.getUTCMonth() + 1, { least: 1, most: 12, names: months, base: 1 }) &&
    (either ? byDay || byWeekday : byDay && byWeekday)
  );
}

/** EventBridge Scheduler: six fields, weekdays from 1 (Sunday), exactly one day field is "?". */
export function eventBridgeFires(expression: string, at: Date): boolean {
  const inner = /^cron\((.*)\)$/.exec(expression)?.[1] ?? '';
  const [minute = '', hour = '', day = '', month = '', weekday = '', year] = inner.split(' ');
  if (year !== '*' || (day === '?') === (weekday === '?')) throw new Error(`EventBridge refuses ${expression}`);
  return (
    matches(minute, at.getUTCMinutes(), { least: 0, most: 59 }) &&
    matches(hour, at.getUTCHours(), { least: 0, most: 23 }) &&
    matches(month, at.getUTCMonth() + 1, { least: 1, most: 12, names: months, base: 1 }) &&
    (day === '?' || matches(day, at.getUTCDate(), { least: 1, most: 31 })) &&
    (weekday === '?' || matches(weekday, at.getUTCDay() + 1, { least: 1, most: 7, names: weekdays, base: 1 }))
  );
}
