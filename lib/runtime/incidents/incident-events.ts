import type { DaybreakEvent } from '../../contract/events/event.ts';
import { eventVersion } from '../../contract/events/event-id.ts';
import type { IncidentChangeKind, IncidentDetail } from '../../contract/events/incident-detail.ts';
import type { IncidentChange } from './reduce.ts';

const types = {
  opened: 'incident.opened',
  reopened: 'incident.opened',
  joined: 'incident.updated',
  raised: 'incident.updated',
  acknowledged: 'incident.updated',
  late: 'incident.updated',
  resolved: 'incident.resolved',
} as const satisfies Readonly<Record<IncidentChangeKind, DaybreakEvent['type']>>;

/** The event of a change. Its id is the incident and its revision: the same whenever the change is reported. */
export function incidentEvent({ incident, line }: IncidentChange): DaybreakEvent {
  const type = types[line.change];
  const { id, executions, acknowledged } = incident;
  const [cause] = incident.causes;
  const detail: IncidentDetail = {
    incident: id,
    number: incident.number,
    revision: line.revision,
    change: line.change,
    loud: line.loud,
    by: line.event,
    status: incident.status,
    severity: incident.severity,
    title: incident.title,
    opened_at: incident.opened_at,
    last_failure_at: incident.last_failure_at,
    resolved_at: incident.resolved_at,
    acknowledged_by: acknowledged?.by ?? null,
    causes: [...incident.causes],
    runs: [...new Set(executions.map((name) => name.slice(0, name.lastIndexOf('/'))))],
    failures: incident.failures,
    blocked: [...incident.blocked],
    reopened: incident.reopened,
    resume: incident.resume,
  };
  return {
    version: eventVersion,
    id: `${type}/${id}/${line.revision}`,
    type,
    time: line.time,
    severity: line.change === 'resolved' ? 'info' : incident.severity,
    pipeline: incident.pipeline,
    run_id: line.run_id,
    execution: null,
    step: cause?.step ?? null,
    attempt: null,
    cause: { error: cause?.error ?? 'Error', text: line.text },
    detail,
  };
}
