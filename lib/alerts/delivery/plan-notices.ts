/**
 * Decides which messages are due. It compares the incidents with what each destination has heard, so a lost, repeated or late event changes nothing: the next look at
 * the same records gives the same answer.
 */
import {
  type AlertSettings,
  type Destination,
  type Severity,
  severities,
} from '../../contract/events/alert-settings.ts';
import type { AlertState, Told } from '../../contract/records/alert-state.ts';
import type { Incident } from '../../contract/records/incident.ts';
import type { AlertKind, Audience } from '../alert.ts';
import { nextBusinessTime } from '../hours/business-hours.ts';
import { destinationName } from './destination-name.ts';

/** One message about one incident to one destination. */
export interface Notice {
  readonly incident: Incident;
  readonly destination: Destination;
  readonly name: string;
  readonly kind: AlertKind;
  readonly audience: Audience;
  /** True if it may go into one message with others for the same destination. */
  readonly digest: boolean;
  /** Milliseconds since 1970; 0: at once, since the clocks of two functions differ. */
  readonly due: number;
  /** Handle of the incident's first message there, if any. */
  readonly thread: string | null;
}

interface Look {
  readonly settings: AlertSettings;
  readonly state: AlertState | null;
}

/** Returns every message that the incidents still need, due now or later, the earliest first. */
export function planNotices(incidents: readonly Incident[], { settings, state }: Look): Notice[] {
  return incidents
    .flatMap((incident) => {
      const told = state?.told[incident.id] ?? {};
      return [...noticesOf(incident, settings, told), ...lateNotices(incident, settings, told)];
    })
    .sort((a, b) => a.due - b.due);
}

type ToldBy = Readonly<Record<string, Told>>;

function noticesOf(incident: Incident, settings: AlertSettings, told: ToldBy): Notice[] {
  // Incidents that the policy keeps quiet are in `daybreak incidents` alone.
  if (incident.loud_at === null) return [];
  const known = new Map(Object.values(settings.routes).flatMap((route) => route.map((d) => [destinationName(d), d])));
  const changes = Object.entries(told).flatMap(([name, last]): Notice[] => {
    const destination = known.get(name);
    const kind = destination && changeFor(incident, last, destination);
    if (!destination || !kind) return [];
    return [{ incident, destination, name, kind, audience: 'team', digest: false, due: 0, thread: last.thread }];
  });
  if (incident.status !== 'open') return changes;
  return [...changes, ...openings(incident, settings, told)];
}

/** The change that a destination should hear of after its last message; null if it knows all. */
function changeFor(incident: Incident, last: Told, destination: Destination): AlertKind | null {
  if (last.status === 'resolved') return null;
  if (incident.status === 'resolved') return 'resolved';
  if (!keepsStory(destination)) return null;
  if (incident.status === 'acknowledged') return last.status === 'acknowledged' ? null : 'acknowledged';
  const isNew = incident.failures > last.failures || lateOf(incident) !== (last.late ?? null);
  return last.loud_at === incident.loud_at && isNew ? 'updated' : null;
}

/** The deadline of an incident, as its moment; null for none. */
export function lateOf({ late }: Incident): string | null {
  return late?.ready_by ?? null;
}

/** Stakeholders hear once of each deadline that an incident holds up, and once of the incident's end, whether or not the incident is loud for the team. */
function lateNotices(incident: Incident, { stakeholders }: AlertSettings, told: ToldBy): Notice[] {
  return stakeholders.flatMap((destination): Notice[] => {
    const name = `${destinationName(destination)} for stakeholders`;
    const last = told[name];
    const isOver = incident.status === 'resolved';
    const isDue = isOver ? last !== undefined && last.status !== 'resolved' : lateOf(incident) !== (last?.late ?? null);
    if (!isDue) return [];
    const kind = isOver ? 'resolved' : 'late';
    const thread = last?.thread ?? null;
    return [{ incident, destination, name, kind, audience: 'stakeholders', digest: false, due: 0, thread }];
  });
}

/** Destinations that join messages of one incident, so that a change makes no noise there. */
export function keepsStory(destination: Destination): boolean {
  return ['pagerduty', 'opsgenie', 'webhook', 'sns'].includes(destination.kind) || 'channel' in destination;
}

/** The first messages of an open incident: to its own severity's destinations, then, while no one acknowledges it, to those of each higher one. */
function openings(incident: Incident, settings: AlertSettings, told: ToldBy): Notice[] {
  const first = firstTime(incident, settings);
  if (first === null) return [];
  const own = severities.indexOf(incident.severity);
  const higher = severities
    .slice(0, own)
    .reverse()
    .filter((severity) => settings.routes[severity]?.length);
  const wait = settings.escalate_after_ms;
  const stages: readonly { readonly severity: Severity; readonly due: number; readonly kind: AlertKind }[] = [
    { severity: incident.severity, due: isUrgent(incident.severity) ? 0 : first, kind: 'opened' },
    ...(wait === null
      ? []
      : higher.map((severity, index) => ({ severity, due: first + (index + 1) * wait, kind: 'escalated' as const }))),
  ];
  const seen = new Set<string>();
  return stages.flatMap(({ severity, due, kind }) =>
    (settings.routes[severity] ?? []).flatMap((destination): Notice[] => {
      const name = destinationName(destination);
      if (seen.has(name) || hasHeard(incident, told[name])) return [];
      seen.add(name);
      const digest = kind === 'opened' && !isUrgent(incident.severity) && !joinsByKey(destination);
      const thread = told[name]?.thread ?? null;
      return [{ incident, destination, name, kind, audience: 'team', digest, due, thread }];
    }),
  );
}

const isUrgent = (severity: Severity): boolean => severity === 'critical' || severity === 'high';

/** These keep one alert per incident, which a digest would not be. */
const joinsByKey = ({ kind }: Destination): boolean => ['pagerduty', 'opsgenie', 'webhook', 'sns'].includes(kind);

/** The time of the first message: at once if it is urgent, else at the next business hour; null if there are none. */
function firstTime(incident: Incident, { business_hours }: AlertSettings): number | null {
  const opened = Date.parse(incident.loud_at ?? incident.opened_at);
  return isUrgent(incident.severity) ? opened : nextBusinessTime(opened, business_hours);
}

/** True if the destination has heard of this opening at this severity or a higher one. */
function hasHeard({ severity, loud_at }: Incident, last: Told | undefined): boolean {
  return last?.loud_at === loud_at && severities.indexOf(last.severity) <= severities.indexOf(severity);
}
