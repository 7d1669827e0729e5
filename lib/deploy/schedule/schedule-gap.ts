import { defaults } from '../../compiler/plan/defaults.ts';
import type { PipelinePlan } from '../../compiler/plan/plan.ts';

/** How far apart the starts of a schedule can be. Understands what templates compile to: `rate(...)`, and `cron(...)` with lists, ranges and steps. */

const day = 24 * 60;
const minutesPer: Readonly<Record<string, number>> = { minute: 1, hour: 60, day };

/** Values of a cron field in ascending order. */
const valuesOf = (field: string, low: number, high: number): number[] => {
  const values: number[] = [];
  for (const part of field.split(',')) {
    const [range = '*', step] = part.split('/');
    const [from, to] = range === '*' || range === '?' ? [low, high] : range.split('-').map(Number);
    const first = from ?? low;
    // `8/2` runs to the end of the field, `8` is itself alone.
    const last = to ?? (step === undefined ? first : high);
    for (let value = first; value <= last; value += Number(step ?? 1)) values.push(value);
  }
  return values.sort((a, b) => a - b);
};

/** Every start in the years that are looked at, in minutes, on a clock without daylight saving. */
function* starts(expression: string): Generator<number> {
  const [minute = '0', hour = '0', dayOfMonth = '*', month = '*', dayOfWeek = '?'] = expression
    .replace(/^cron\(|\)$/g, '')
    .trim()
    .split(/\s+/);
  const minutes = valuesOf(minute, 0, 59);
  const hours = valuesOf(hour, 0, 23);
  const days = new Set(valuesOf(dayOfMonth, 1, 31));
  const months = new Set(valuesOf(month, 1, 12));
  const weekdays = new Set(valuesOf(dayOfWeek, 1, 7));
  // Nine years hold two leap days, so also a schedule for the 29th of February has a gap.
  for (let time = Date.UTC(2024, 0, 1); time < Date.UTC(2033, 0, 1); time += day * 60_000) {
    const date = new Date(time);
    // One of the two day fields is always `?`, which every day matches.
    const matches =
      months.has(date.getUTCMonth() + 1) && days.has(date.getUTCDate()) && weekdays.has(date.getUTCDay() + 1);
    if (!matches) continue;
    for (const h of hours) for (const m of minutes) yield time / 60_000 + h * 60 + m;
  }
}

/** The longest time in minutes between two starts; for `cron` with the hour that daylight saving can add. */
export function longestGapMinutes(expression: string): number {
  const rate = /^rate\((\d+)\s+(minute|hour|day)s?\)$/.exec(expression);
  if (rate) return Number(rate[1]) * (minutesPer[rate[2] ?? 'day'] ?? day);
  let longest = 0;
  let previous: number | null = null;
  for (const start of starts(expression)) {
    if (previous !== null) longest = Math.max(longest, start - previous);
    previous = start;
  }
  return longest === 0 ? Number.POSITIVE_INFINITY : longest + 60;
}

/** A run of a frequent schedule that takes this much longer than usual is worth a look, whatever the default limit of a day says. */
const patience = { intervals: 4, hours: 3 } as const;

/** Step Functions forgets executions after 90 days; a success that long ago could not be found. */
const longestQuietHours = 60 * 24;

/**
 * Within how many hours a run must have succeeded: the longest time between two starts, the time that a run may take, and one more. Without a limit in the
 * template a run may take four intervals, at least 3 hours and at most a day. Null for a pipeline that does not start by itself, or less often than every two months.
 */
export function quietHours({
  schedule,
  maxDurationSeconds,
}: Pick<PipelinePlan, 'schedule' | 'maxDurationSeconds'>): number | null {
  if (!schedule?.enabled) return null;
  const gap = longestGapMinutes(schedule.expression) / 60;
  const longest = maxDurationSeconds / 3600;
  const isDefault = maxDurationSeconds === defaults.maxDurationMinutes * 60;
  const allowed = isDefault ? Math.min(longest, Math.max(patience.intervals * gap, patience.hours)) : longest;
  const hours = Math.ceil(gap + allowed) + 1;
  return hours > longestQuietHours ? null : hours;
}
