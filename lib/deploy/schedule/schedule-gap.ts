import { defaults } from '../../compiler/plan/defaults.ts';
import type { PipelinePlan, SchedulePlan } from '../../compiler/plan/plan.ts';
import { longestGapMinutes } from '../../input/schedule-times.ts';

const minutesPer: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 24 * 60 };

/** The longest time in minutes between two starts. */
function minutesBetween({ expression, times }: SchedulePlan): number {
  if (times) return longestGapMinutes(times);
  const [, count, unit = ''] = /^rate\((\d+)\s+(minute|hour|day)s?\)$/.exec(expression) ?? [];
  return Number(count) * (minutesPer[unit] ?? Number.NaN);
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
  const gap = minutesBetween(schedule) / 60;
  const longest = maxDurationSeconds / 3600;
  const isDefault = maxDurationSeconds === defaults.maxDurationMinutes * 60;
  const allowed = isDefault ? Math.min(longest, Math.max(patience.intervals * gap, patience.hours)) : longest;
  const hours = Math.ceil(gap + allowed) + 1;
  return hours > longestQuietHours ? null : hours;
}
