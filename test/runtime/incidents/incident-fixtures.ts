import type { DaybreakEvent } from '../../../lib/contract/events/event.ts';
import type { IncidentState } from '../../../lib/contract/records/incident.ts';
import { noIncidents } from '../../../lib/runtime/incidents/incident-policy.ts';
import { type IncidentChange, reduce } from '../../../lib/runtime/incidents/reduce.ts';

/** A moment on the night of 1 February 2026, as `hh:mm`; `24:00` and more are the next days. */
export function at(time: string): string {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return new Date(Date.UTC(2026, 1, 1, hours, minutes)).toISOString();
}

const envelope = { version: 1, severity: 'high', pipeline: 'sales', attempt: null, cause: null } as const;

interface Of {
  readonly run: string;
  readonly n?: number;
  readonly step?: string;
  readonly error?: string;
  readonly severity?: 'critical' | 'high' | 'medium' | 'low';
}

export function stepFailed(time: string, { run, n = 1, step = 'extract', error = 'CrmDown', severity = 'high' }: Of) {
  return {
    ...envelope,
    id: `step.failed/sales/${run}/${n}/${step}`,
    type: 'step.failed',
    time: at(time),
    severity,
    run_id: run,
    execution: n,
    step,
    cause: { error, text: 'no answer' },
    detail: {
      started_at: null,
      ended_at: at(time),
      attempts: 3,
      thrown_at: null,
      dead_letter: `sales/${run}/${n}/${step}`,
      resume: `npx daybreak resume sales ${run}`,
    },
  } satisfies DaybreakEvent;
}

interface EndOf extends Of {
  readonly started: string;
  readonly failed?: readonly string[];
  readonly blocked?: readonly string[];
  /** When its steps failed; at the end by default. */
  readonly failedAt?: string;
}

const runEnd = (
  time: string,
  { run, n = 1, started, failed = [], failedAt, blocked = [], error = 'CrmDown' }: EndOf,
) => ({
  ...envelope,
  time: at(time),
  run_id: run,
  execution: n,
  step: null,
  detail: {
    started_at: at(started),
    ended_at: at(time),
    steps: {},
    failed: failed.map((step) => ({ step, error, severity: 'high', failed_at: at(failedAt ?? time) })),
    blocked: [...blocked],
    resume: null,
  },
});

export function runFailed(time: string, of: EndOf): DaybreakEvent {
  const cause = { error: of.failed ? 'PipelineFailed' : (of.error ?? 'States.Timeout'), text: 'it failed' };
  return { ...runEnd(time, of), id: `run.failed/sales/${of.run}/${of.n ?? 1}`, type: 'run.failed', cause };
}

export function runCompleted(time: string, of: EndOf): DaybreakEvent {
  const id = `run.completed/sales/${of.run}/${of.n ?? 1}`;
  return { ...runEnd(time, of), id, type: 'run.completed', severity: 'info' };
}

export function missed(time: string, run: string | null): DaybreakEvent {
  return {
    ...envelope,
    id: `deadline.missed/sales/${run}/${time}`,
    type: 'deadline.missed',
    time: at(time),
    run_id: run,
    execution: run === null ? null : 1,
    step: null,
    detail: { ready_by: at(time), scheduled_time: null, expected: null, held_up_by: null, late_seconds: 0 },
  };
}

export function alarm(time: string, name: string): DaybreakEvent {
  const ids = { id: `alarm.raised/sales/${name}/${time}`, run_id: null, execution: null, step: null };
  return { ...envelope, ...ids, type: 'alarm.raised', time: at(time), detail: { alarm: name } };
}

/** Takes events in, in this order; gives the state and every change as `number change loud|quiet`. */
export function story(...events: readonly DaybreakEvent[]) {
  let state: IncidentState = noIncidents('sales');
  const changes: IncidentChange[] = [];
  for (const event of events) {
    const next = reduce(state, event);
    ({ state } = next);
    changes.push(...next.changes);
  }
  const lines = changes.map(
    ({ incident, line }) => `${incident.number} ${line.change} ${line.loud ? 'loud' : 'quiet'}`,
  );
  return { state, changes, lines, open: state.incidents.filter(({ status }) => status !== 'resolved') };
}
