import type { DeadlineRecord, DeadlineState } from '../../contract/events/deadline-record.ts';

/** The days over which the share of met deadlines counts. */
const onTimeDays = 30;

/** The number of deadlines that were met in time, and of all that have passed. */
export interface OnTime {
  readonly step: string | null;
  readonly met: number;
  readonly of: number;
  /** With one decimal, rounded down, so that 100 means all. Null before the first deadline. */
  readonly percent: number | null;
}

/** The share of deadlines met over 30 days: of the run first, then of each step that has one. */
export function onTimeOf({ deadlines }: DeadlineState, now: number): OnTime[] {
  const passed = deadlines.filter(({ ready_by }) => {
    const age = now - Date.parse(ready_by);
    return age >= 0 && age < onTimeDays * 86_400_000;
  });
  const bySteps = Map.groupBy(passed, ({ step }) => step);
  const names = [...bySteps.keys()].sort((one, other) => (one ?? '').localeCompare(other ?? ''));
  return names.map((step) => {
    const own = bySteps.get(step) ?? [];
    const met = own.filter(wasOnTime).length;
    return {
      step,
      met,
      of: own.length,
      percent: own.length === 0 ? null : Math.floor((1_000 * met) / own.length) / 10,
    };
  });
}

/** True if the data was ready by the promised moment. */
function wasOnTime({ met, ready_by }: DeadlineRecord): boolean {
  return met !== null && Date.parse(met.at) <= Date.parse(ready_by);
}
