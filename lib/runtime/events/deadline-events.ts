/** Events of deadlines, made of their records. */

import type { DeadlineNotice, DeadlineRecord } from '../../contract/events/deadline-record.ts';
import type { DaybreakEvent } from '../../contract/events/event.ts';
import { eventId, eventVersion } from '../../contract/events/event-id.ts';

/** The events of a deadline that the bus has not taken yet. */
export function unreportedEvents(pipeline: string, record: DeadlineRecord): DaybreakEvent[] {
  const { at_risk: atRisk, missed, met } = record;
  return [
    ...(atRisk && !atRisk.reported
      ? [noticeEvent(pipeline, record, { type: 'deadline.at_risk', notice: atRisk })]
      : []),
    ...(missed && !missed.reported ? [noticeEvent(pipeline, record, { type: 'deadline.missed', notice: missed })] : []),
    ...(met && !met.reported ? [metEvent(pipeline, record, met)] : []),
  ];
}

interface Notice {
  readonly type: 'deadline.at_risk' | 'deadline.missed';
  readonly notice: DeadlineNotice;
}

function noticeEvent(pipeline: string, record: DeadlineRecord, { type, notice }: Notice): DaybreakEvent {
  const { at, severity, execution, expected, held_up_by, late_seconds } = notice;
  const { ready_by, scheduled_time } = record;
  return {
    ...common(pipeline, record, type),
    type,
    time: at,
    severity,
    run_id: execution === null ? null : record.run_id,
    execution,
    cause: { error: 'Deadline', text: reasonText(record, { type, notice }) },
    detail: { ready_by, scheduled_time, expected, held_up_by, late_seconds },
  };
}

function metEvent(
  pipeline: string,
  record: DeadlineRecord,
  { at, execution }: NonNullable<DeadlineRecord['met']>,
): DaybreakEvent<'deadline.met'> {
  const { ready_by, scheduled_time } = record;
  return {
    ...common(pipeline, record, 'deadline.met'),
    type: 'deadline.met',
    time: at,
    severity: 'info',
    run_id: record.run_id,
    execution,
    cause: null,
    detail: {
      ready_by,
      scheduled_time,
      expected: null,
      held_up_by: null,
      late_seconds: Math.max(0, (Date.parse(at) - Date.parse(ready_by)) / 1_000),
    },
  };
}

/** A scheduled start has one run, so its id and the step name the deadline. */
const common = (pipeline: string, { run_id, step }: DeadlineRecord, type: Notice['type'] | 'deadline.met') => ({
  version: eventVersion,
  id: eventId(type, { pipeline, run_id }, ...(step === null ? [] : [step])),
  pipeline,
  step,
  attempt: null,
});

/** The reason for people: `the run will probably end 12 m after 07:00 UTC; transform holds it up`. */
function reasonText({ step, ready_by }: DeadlineRecord, { type, notice }: Notice): string {
  const what = step ?? 'the run';
  const by = `${ready_by.slice(0, 16).replace('T', ' ')} UTC`;
  const minutes = notice.late_seconds === null ? null : Math.max(1, Math.round(notice.late_seconds / 60));
  const late = minutes === null ? 'after' : `${minutes} min after`;
  const holder =
    notice.execution === null
      ? 'no run has started'
      : notice.held_up_by === null
        ? 'the step that holds it up is not known'
        : `${notice.held_up_by} holds it up`;
  if (type === 'deadline.at_risk') return `${what} will probably end ${late} ${by}; ${holder}`;
  const expected = minutes === null ? '' : `; it will probably end ${minutes} min late`;
  return `${what} was not ready by ${by}; ${holder}${expected}`;
}
