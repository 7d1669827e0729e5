import type { DeadlineRecord, DeadlineState } from '../../contract/events/deadline-record.ts';
import type { DeadlineSetting } from '../../contract/events/deadline-setting.ts';
import { occurrencesBetween } from '../../input/deadline-times.ts';
import { scheduledRunId } from '../../runtime/execution/run-identity.ts';
import { type DeadlinePipeline, deadlinesOf, scheduleText } from './deadline-pipeline.ts';

const day = 86_400_000;

/** A look that could not happen is made up for within this time, and data that comes so late closes its deadline without an event. */
const lookBack = 2 * day;

/** A deadline that a look has to judge. */
export interface DueDeadline {
  readonly record: DeadlineRecord;
  readonly setting: DeadlineSetting;
}

/** The state of a pipeline that no one has looked at, or whose schedule is another: earlier starts have no deadline. */
export function currentState(found: DeadlineState | null, pipeline: DeadlinePipeline, now: number): DeadlineState {
  const schedule = scheduleText(pipeline);
  if (found?.schedule === schedule) return found;
  const since = new Date(now).toISOString();
  return { pipeline: pipeline.name, schedule, since, deadlines: found?.deadlines ?? [] };
}

/**
 * The deadlines whose scheduled start has come and whose data is not known to be ready. `ended`: the scheduled time of a run that has just made data; its deadlines count however long
 * ago they were.
 */
export function dueDeadlines(
  state: DeadlineState,
  pipeline: DeadlinePipeline,
  { now, ended }: { readonly now: number; readonly ended: string | null },
): DueDeadline[] {
  return deadlinesOf(pipeline).flatMap(({ step, setting }) => {
    const own = state.deadlines.filter((record) => record.step === step);
    const isRecent = ({ ready_by }: DeadlineRecord): boolean => Date.parse(ready_by) >= now - lookBack;
    const late = own.filter((one) => one.met === null && (isRecent(one) || one.scheduled_time === ended));
    const fresh = occurrencesBetween(pipeline.schedule, setting, { from: now - lookBack, to: now + 2 * day })
      .filter(({ start }) => start <= now && start >= Date.parse(state.since))
      .map(({ start, readyBy }) => newRecord(pipeline.name, { step, start, readyBy }))
      .filter(({ scheduled_time }) => !own.some((record) => record.scheduled_time === scheduled_time));
    return [...late, ...fresh].map((record) => ({ record, setting }));
  });
}

/** The deadlines of one scheduled start, in the state that no one has looked at. */
export function deadlinesOfStart(pipeline: DeadlinePipeline, start: number): DueDeadline[] {
  return deadlinesOf(pipeline).flatMap(({ step, setting }) =>
    occurrencesBetween(pipeline.schedule, setting, { from: start, to: start + 3 * day })
      .filter((one) => one.start === start)
      .map(({ readyBy }) => ({ record: newRecord(pipeline.name, { step, start, readyBy }), setting })),
  );
}

function newRecord(
  pipeline: string,
  { step, start, readyBy }: { readonly step: string | null; readonly start: number; readonly readyBy: number },
): DeadlineRecord {
  const scheduled = new Date(start).toISOString();
  return {
    step,
    scheduled_time: scheduled,
    ready_by: new Date(readyBy).toISOString(),
    run_id: scheduledRunId(pipeline, scheduled),
    at_risk: null,
    missed: null,
    met: null,
  };
}
