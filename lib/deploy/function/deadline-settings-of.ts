import type { PipelinePlan } from '../../compiler/plan/plan.ts';
import type { DeadlineSettings } from '../../contract/payloads.ts';

/** The deadlines of a pipeline, for the function that looks at them; null if it has none. */
export function deadlineSettingsOf({ schedule, deadline, steps, expectedMs }: PipelinePlan): DeadlineSettings | null {
  const has = deadline !== null || steps.some((step) => step.deadline !== null);
  if (!has || !schedule?.times) return null;
  const { minutes, hours, daysOfMonth, months, daysOfWeek } = schedule.times;
  return {
    schedule: {
      expression: schedule.expression,
      timezone: schedule.timezone,
      times: {
        minutes: [...minutes],
        hours: [...hours],
        daysOfMonth: [...daysOfMonth],
        months: [...months],
        daysOfWeek: [...daysOfWeek],
      },
    },
    deadline,
    expected_ms: expectedMs,
  };
}
