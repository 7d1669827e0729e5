import { longestGapMinutes } from '../../input/schedule-times.ts';
import { defaults } from './defaults.ts';
import type { PipelinePlan, SchedulePlan } from './plan.ts';

const minutesPer: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 24 * 60 };

/** Returns the longest time in minutes between two starts. */
function minutesBetween({ expression, times }: SchedulePlan): number {
  if (times) return longestGapMinutes(times);
  const [, count, unit = ''] = /^rate\((\d+)\s+(minute|hour|day)s?\)$/.exec(expression) ?? [];
  return Number(count) * (minutesPer[unit] ?? Number.NaN);
}

/** The extra time after which a run of a frequent schedule needs attention, even below the default limit of a day. */
const patience = { intervals: 4, hours: 3 } as const;

/** Step Functions deletes executions after 90 days, so an older success cannot be found. */
const longestQuietHours = 60 * 24;

/**
 * Returns the hours within which a run must succeed: the longest time between two starts, plus the time limit of a run, plus one. Without a limit in the
 * template, a run may take four intervals, at least 3 hours and at most a day. Null if the pipeline does not start automatically, or starts less often than
 * every two months.
 */
export function quietHours(
  { schedule, maxDurationSeconds }: Pick<PipelinePlan, 'schedule' | 'maxDurationSeconds'>,
  jitterMinutes = 0,
): number | null {
  if (!schedule?.enabled) return null;
  const gap = (minutesBetween(schedule) + jitterMinutes) / 60;
  const longest = maxDurationSeconds / 3600;
  const isDefault = maxDurationSeconds === defaults.maxDurationMinutes * 60;
  const allowed = isDefault ? Math.min(longest, Math.max(patience.intervals * gap, patience.hours)) : longest;
  const hours = Math.ceil(gap + allowed) + 1;
  return hours > longestQuietHours ? null : hours;
}
