/** The part of one message in a cause that several pipelines have. */
import type { Destination } from '../../contract/events/alert-settings.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import type { Alert, AlertKind } from '../alert.ts';
import { originOf } from './origin-of.ts';
import { keepsStory, type Notice } from './plan-notices.ts';
import {
  joinCause,
  leaveCause,
  placeOf,
  type SharedIncident,
  type SharedPlace,
  sharesCauses,
} from './shared-causes.ts';

interface Where {
  readonly store: ObjectStore;
  now(): number;
}

/** The incident of a notice among those of its cause. */
export function sharedIncident({ incident, name }: Notice, { store, now }: Where): SharedIncident {
  return { store, destination: name, incident: incident.id, pipeline: incident.pipeline, now: now() };
}

/** The place of a notice's incident for its destination; null if the message stands alone. Failures without an external origin in their message share nothing. */
export async function takePlace(notice: Notice, alert: Alert, where: Where): Promise<SharedPlace | null> {
  const { kind, audience, destination, digest } = notice;
  if (audience !== 'team' || digest || !sharesCauses(destination)) return null;
  const incident = sharedIncident(notice, where);
  if (kind === 'resolved') return leaveCause(incident);
  if (kind !== 'opened' && kind !== 'escalated') return placeOf(incident);
  const origin = originOf(alert.cause);
  return origin === null ? null : joinCause(`${alert.error} ${origin}`, incident);
}

/** True if a message about a cause that is known there would be one more message, and not an entry of the first. */
export function isQuiet({ role }: SharedPlace, destination: Destination): boolean {
  return !keepsStory(destination) && (role === 'joined' || role === 'recovered');
}

/** The alert as part of its cause. */
export function withPlace(alert: Alert, { role, key, others }: SharedPlace): Alert {
  return { ...alert, incident: key, kind: kindOf(alert.kind, role), same_cause: others };
}

function kindOf(kind: AlertKind, role: SharedPlace['role']): AlertKind {
  if (kind === 'resolved') return role === 'recovered' ? 'recovered' : 'resolved';
  return kind === 'opened' && role === 'joined' ? 'joined' : kind;
}
