/** The meaning of an event for incidents. */
import type { DaybreakEvent } from '../../contract/events/event.ts';
import type { Incident, Late, Success } from '../../contract/records/incident.ts';

/** A sign of trouble. Those with the same step and error name are of one cause. */
export interface Trouble {
  readonly kind: 'trouble';
  readonly step: string | null;
  readonly error: string;
  readonly severity: Incident['severity'];
  readonly execution: { readonly run_id: string; readonly execution: number } | null;
  /** The moment of the failure itself, not of the event that reports it. */
  readonly at: string;
  /** Steps that it blocks. */
  readonly blocked: readonly string[];
  readonly resume: string | null;
  /** An alarm, a deadline, a run that died: a failed step of the same run explains it. */
  readonly symptom: boolean;
  /** The deadline that it is about; absent for other troubles. */
  readonly late?: Late;
  readonly text: string;
}

/** A run that succeeded, or the end of a symptom. */
export type Observation =
  | Trouble
  | { readonly kind: 'success'; readonly success: Success }
  | { readonly kind: 'blocked'; readonly step: string; readonly by: readonly string[]; readonly run_id: string }
  | { readonly kind: 'symptom ended'; readonly error: string; readonly text: string };

/** The error names under which a deadline and an alarm are causes, while no failed step explains them. */
const deadlineError = ({ step }: DaybreakEvent): string => (step === null ? 'Deadline' : `Deadline of ${step}`);
const alarmError = (alarm: string): string => `Alarm ${alarm}`;

/** The observations of an event, in the order in which they count; none for events of another type. */
export function observe(event: DaybreakEvent): Observation[] {
  const execution =
    event.run_id === null || event.execution === null ? null : { run_id: event.run_id, execution: event.execution };
  const severity = event.severity === 'info' ? 'low' : event.severity;
  const common = {
    kind: 'trouble' as const,
    at: event.time,
    severity,
    execution,
    blocked: [],
    resume: null,
    symptom: true,
  };
  switch (event.type) {
    case 'step.failed':
      return [
        {
          ...common,
          step: event.step,
          error: event.cause?.error ?? 'Error',
          resume: event.detail.resume,
          symptom: false,
          text: `${event.step} failed: ${event.cause?.error}: ${event.cause?.text}`,
        },
      ];
    case 'step.blocked':
      if (event.step === null || event.run_id === null) return [];
      return [{ kind: 'blocked', step: event.step, by: event.detail.blocked_by, run_id: event.run_id }];
    case 'run.failed':
    case 'run.stopped':
      return troublesOfEnd(event, common);
    case 'run.completed': {
      if (execution === null) return [];
      const { started_at, ended_at, failed } = event.detail;
      return [
        { kind: 'success', success: { ...execution, started_at, ended_at, failed: failed.map(({ step }) => step) } },
      ];
    }
    case 'deadline.at_risk':
    case 'deadline.missed': {
      const { ready_by, late_seconds, held_up_by } = event.detail;
      // The promise to people outside of the team is the pipeline's deadline, not that of a step.
      const missed = event.type === 'deadline.missed';
      const late = event.step === null ? { late: { ready_by, missed, late_seconds, held_up_by } } : {};
      const whose = event.step === null ? '' : ` of ${event.step}`;
      const plain = `the deadline${whose} ${ready_by} ${missed ? 'passed' : 'is in danger'}`;
      const text = event.cause?.text ?? plain;
      return [{ ...common, step: null, error: deadlineError(event), ...late, text }];
    }
    case 'deadline.met':
      return [
        { kind: 'symptom ended', error: deadlineError(event), text: `the data of ${event.detail.ready_by} is ready` },
      ];
    case 'alarm.raised': {
      const { alarm } = event.detail;
      return [{ ...common, step: null, error: alarmError(alarm), execution: null, text: `the alarm ${alarm} fired` }];
    }
    case 'alarm.cleared':
      return [
        { kind: 'symptom ended', error: alarmError(event.detail.alarm), text: `the alarm ${event.detail.alarm} ended` },
      ];
    default:
      return [];
  }
}

/** A failed run names its failed steps, so it means the same whether it is heard before or after them. */
function troublesOfEnd(
  event: DaybreakEvent<'run.failed' | 'run.stopped'>,
  common: Omit<Trouble, 'step' | 'error' | 'text'>,
): Trouble[] {
  const { failed, blocked, resume } = event.detail;
  const ended = event.type === 'run.stopped' ? 'was stopped' : 'failed';
  const whole = `run ${event.run_id} ${ended}`;
  const shared = { ...common, blocked, resume };
  if (failed.length === 0) {
    const error = event.cause?.error ?? 'Error';
    return [{ ...shared, step: null, error, text: `${whole}: ${error}: ${event.cause?.text ?? ''}` }];
  }
  return failed.map(({ step, error, severity, failed_at }) => ({
    ...shared,
    at: failed_at,
    severity: severity as Trouble['severity'],
    symptom: false,
    step,
    error,
    text: `${whole}: ${step} failed: ${error}`,
  }));
}
