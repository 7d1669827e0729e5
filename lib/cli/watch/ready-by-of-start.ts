import type { PipelinePlan } from '../../compiler/plan/plan.ts';
import { isObject, type JsonObject } from '../../contract/json.ts';
import { occurrencesBetween } from '../../input/deadline-times.ts';
import { parseInstant } from '../../input/instant.ts';

/** The deadline of a run that is started with this input, in milliseconds since 1970; null unless it is the start of a schedule that has one. */
export function readyByOfStart({ schedule, deadline }: PipelinePlan, input: JsonObject | null): number | null {
  const daybreak = input?.daybreak;
  const time = isObject(daybreak) && typeof daybreak.scheduled_time === 'string' ? daybreak.scheduled_time : null;
  const start = time === null ? null : parseInstant(time);
  if (!schedule?.times || !deadline || start === null) return null;
  const clock = { times: schedule.times, timezone: schedule.timezone };
  const found = occurrencesBetween(clock, deadline, { from: start, to: start + 3 * 86_400_000 });
  return found.find((one) => one.start === start)?.readyBy ?? null;
}
