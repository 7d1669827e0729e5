/**
 * One message for one cause, although several pipelines meet it: a dead CRM fails every pipeline that reads it. Failures with the same error and the same external origin are one
 * cause. The first incident tells of it; the others join its message, and the last one that ends tells of the end.
 */
import type { Destination } from '../../contract/events/alert-settings.ts';
import { sharedCausesKey } from '../../contract/object-keys.ts';
import type { SharedCause, SharedCauses } from '../../contract/records/alert-state.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { quietFor } from '../../runtime/incidents/incident-policy.ts';
import { readJson } from '../../runtime/records/json-objects.ts';
import { swapJson } from '../../runtime/records/swap-json.ts';
import { claimMs } from './alert-marks.ts';

/** Ended causes are kept so long, since ends are reported late. */
const keptMs = 36 * 3_600_000;

const mostCauses = 200;

/** Where an incident stands among those of its cause, for one destination. */
export interface SharedPlace {
  /**
   * `first`: its message opens the cause. `joined`: others have told of the cause. `wait`: another one tells of it at this moment. `recovered`: it ended, and others go on.
   * `resolved`: it was the last.
   */
  readonly role: 'first' | 'joined' | 'wait' | 'recovered' | 'resolved';
  readonly key: string;
  readonly thread: string | null;
  /** Other pipelines that have the cause now. */
  readonly others: readonly string[];
}

export interface SharedIncident {
  readonly store: ObjectStore;
  readonly destination: string;
  readonly incident: string;
  readonly pipeline: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** True for vendors whose messages are for people; programs get every fact. */
export function sharesCauses({ kind }: Destination): boolean {
  return kind !== 'sns' && kind !== 'webhook';
}

const isOpen = ({ members }: SharedCause): boolean => Object.values(members).some(({ ended }) => ended === null);

const isLive = (cause: SharedCause, now: number): boolean =>
  isOpen(cause) || (cause.told_at !== null && now - cause.told_at < quietFor);

const placeIn = (cause: SharedCause, role: SharedPlace['role'], incident: string): SharedPlace => ({
  role,
  key: cause.id,
  thread: cause.thread,
  others: Object.entries(cause.members).flatMap(([id, { pipeline, ended }]) =>
    id !== incident && ended === null ? [pipeline] : [],
  ),
});

/** Joins an open incident to its cause, or begins one. The same answer each time, until someone has told of the cause. */
export function joinCause(
  sign: string,
  { store, destination, incident, pipeline, now }: SharedIncident,
): Promise<SharedPlace> {
  return swapJson<SharedCauses, SharedPlace>(store, sharedCausesKey, (found) => {
    const causes = found?.causes ?? [];
    const known = causes.find((one) => one.sign === sign && one.destination === destination && isLive(one, now));
    const claim = { by: incident, until: now + claimMs };
    const members = { ...known?.members, [incident]: { pipeline, ended: null } };
    if (!known) {
      const cause: SharedCause = { id: incident, sign, destination, told_at: null, thread: null, claim, members };
      return { write: { causes: kept([...causes, cause], now) }, answer: placeIn(cause, 'first', incident) };
    }
    const holder = known.claim?.by;
    const isHeld = known.claim !== null && known.claim.until > now && known.members[known.claim.by]?.ended === null;
    const role = known.told_at !== null ? 'joined' : isHeld && holder !== incident ? 'wait' : 'first';
    const cause = { ...known, members, ...(role === 'first' && { claim }) };
    return { write: { causes: replaced(causes, known, cause) }, answer: placeIn(cause, role, incident) };
  });
}

/** Notes that the destination has taken the first message of a cause. */
export function causeTold({ store, destination, incident, now }: SharedIncident, thread: string | null): Promise<null> {
  return changeOf({ store, destination, incident }, (cause) => ({
    write: { ...cause, told_at: now, thread: cause.thread ?? thread, claim: null },
    answer: null,
  }));
}

/** Ends an incident's part in its cause. The answer is decided once. Null if it shares no cause. */
export function leaveCause({ store, destination, incident }: SharedIncident): Promise<SharedPlace | null> {
  return changeOf<SharedPlace | null>({ store, destination, incident }, (cause) => {
    const me = cause.members[incident];
    if (!me) return { answer: null };
    const others = Object.entries(cause.members).some(([id, { ended }]) => id !== incident && ended === null);
    const ended = me.ended ?? (others ? 'recovered' : 'resolved');
    const next = { ...cause, members: { ...cause.members, [incident]: { ...me, ended } } };
    const answer = placeIn(next, ended, incident);
    return me.ended === null ? { write: next, answer } : { answer };
  });
}

/** The place of an incident that has joined a cause; null if it shares none. */
export async function placeOf({
  store,
  destination,
  incident,
}: Pick<SharedIncident, 'store' | 'destination' | 'incident'>) {
  const causes = (await readJson<SharedCauses>(store, sharedCausesKey))?.causes ?? [];
  const cause = ofIncident(causes, destination, incident);
  return cause ? placeIn(cause, 'joined', incident) : null;
}

const ofIncident = (causes: readonly SharedCause[], destination: string, incident: string): SharedCause | undefined =>
  causes.findLast((one) => one.destination === destination && Object.hasOwn(one.members, incident));

type Change<R> = { readonly write: SharedCause; readonly answer: R } | { readonly answer: R; readonly write?: never };

async function changeOf<R>(
  { store, destination, incident }: Pick<SharedIncident, 'store' | 'destination' | 'incident'>,
  change: (cause: SharedCause) => Change<R>,
): Promise<R | null> {
  return swapJson<SharedCauses, R | null>(store, sharedCausesKey, (found) => {
    const causes = found?.causes ?? [];
    const cause = ofIncident(causes, destination, incident);
    if (!cause) return { answer: null };
    const { write, answer } = change(cause);
    return write ? { write: { causes: replaced(causes, cause, write) }, answer } : { answer };
  });
}

const replaced = (causes: readonly SharedCause[], old: SharedCause, by: SharedCause): SharedCause[] =>
  causes.map((one) => (one === old ? by : one));

/** Without causes that ended long ago, and at most so many. */
function kept(causes: readonly SharedCause[], now: number): SharedCause[] {
  return causes.filter((one) => isOpen(one) || now - (one.told_at ?? 0) < keptMs).slice(-mostCauses);
}
