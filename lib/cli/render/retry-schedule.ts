import type { RetryBudget } from '../../compiler/plan/plan.ts';
import { retryDelays } from '../../compiler/plan/retry-delays.ts';

/** More delays do not fit a line; the JSON has all. */
const longest = 8;

/** `attempt 2 after 2 s, 3 after 4 s, full jitter`: the attempts after the first, with the longest delay before each. A delay that repeats appears once. */
export function renderSchedule(budget: RetryBudget): string {
  const groups: { readonly seconds: number; readonly first: number; last: number }[] = [];
  retryDelays(budget).forEach((seconds, index) => {
    const group = groups.at(-1);
    if (group?.seconds === seconds) group.last = index + 2;
    else groups.push({ seconds, first: index + 2, last: index + 2 });
  });
  if (groups.length === 0) return 'no retry';
  const written = groups.map(({ seconds, first, last }) => {
    const numbers = first === last ? `${first}` : `${first}${last === first + 1 ? ' and ' : ' to '}${last}`;
    return `${numbers} after ${seconds} s`;
  });
  const shown = written.length > longest ? [...written.slice(0, longest - 2), '…', ...written.slice(-1)] : written;
  return `attempt ${shown.join(', ')}${budget.jitter === 'FULL' ? ', full jitter' : ''}`;
}

/** One schedule for most steps, then the steps with another: `attempt 2 after 2 s; load: no retry`. */
export function renderSchedules(schedules: readonly (readonly [step: string, schedule: string])[]): string {
  const bySchedule = Map.groupBy(schedules, ([, schedule]) => schedule);
  const [usual, ...others] = [...bySchedule].sort(([, a], [, b]) => b.length - a.length);
  const rest = others.map(([schedule, steps]) => `; ${steps.map(([step]) => step).join(', ')}: ${schedule}`);
  return `${usual?.[0] ?? ''}${rest.join('')}`;
}
