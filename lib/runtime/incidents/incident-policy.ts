/** The figures of incidents, each with its reason. docs/incidents.md has them for people. */
import type { Incident, IncidentState } from '../../contract/records/incident.ts';

const hour = 3_600_000;

/** A failure of the same cause within this time after the end reopens the incident; after it, it is a new one. A nightly run fails about a day after the last one. */
export const comesBackWithin = 36 * hour;

/** A cause is brought to people at most once in this time, so a pipeline that fails and recovers each hour wakes no one each hour. */
export const quietFor = 6 * hour;

/** An alarm or a deadline stands for a failure that is reported within this time around it. */
export const symptomBelongsWithin = 1 * hour;

/** Limits of what the record holds, so that reading and writing it stays quick. */
export const most = {
  open: 50,
  resolved: 20,
  successes: 10,
  executions: 20,
  causes: 20,
  blocked: 50,
  failing: 50,
  firstLines: 20,
  lastLines: 40,
} as const;

/** The time between two moments in milliseconds; negative if `to` is the earlier. */
export function between(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from);
}

/** The state of a pipeline that had no incident. */
export function noIncidents(pipeline: string): IncidentState {
  return { pipeline, last: 0, successes: [], incidents: [] };
}

/** Keeps all open incidents and the latest resolved ones. */
export function forgetOld(incidents: readonly Incident[]): readonly Incident[] {
  const resolved = incidents.filter(({ status }) => status === 'resolved');
  const latest = [...resolved]
    .sort((one, other) => between(one.resolved_at ?? '', other.resolved_at ?? ''))
    .slice(0, most.resolved);
  return incidents.filter((one) => one.status !== 'resolved' || latest.includes(one));
}
