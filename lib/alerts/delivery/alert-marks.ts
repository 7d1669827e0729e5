import { alertStateKey, incidentsKey } from '../../contract/object-keys.ts';
import type { AlertState, Told } from '../../contract/records/alert-state.ts';
import type { Incident, IncidentState } from '../../contract/records/incident.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readJson } from '../../runtime/records/json-objects.ts';
import { swapJson } from '../../runtime/records/swap-json.ts';
import { lateOf, type Notice } from './plan-notices.ts';

/** Notices that one message carries. */
export type Parcel = readonly [Notice, ...Notice[]];

/** An invocation that died holds its claim this long. A live one renews it before each message, and a message takes at most 100 s. */
export const claimMs = 120_000;

interface Place {
  readonly store: ObjectStore;
  readonly pipeline: string;
  readonly now: () => number;
}

/**
 * The marks of messages in the store, as one invocation writes them. One invocation per pipeline sends at a time: it has the claim. A message is marked before it is sent and after it was taken. If an
 * invocation dies in between, no one knows if the message arrived: the next one sends it again, and the end of the incident goes there in any case.
 */
export class AlertMarks {
  readonly #place: Place;
  readonly #me: string;

  constructor(place: Place, me: string) {
    this.#place = place;
    this.#me = me;
  }

  /** Takes the claim. False if another invocation has it; that one looks again before it ends. */
  claim(): Promise<boolean> {
    const { pipeline, now } = this.#place;
    return this.#swap((state) => {
      const known = state ?? { pipeline, told: {}, claim: null };
      if (known.claim && known.claim.until > now()) {
        return { write: { ...known, claim: { ...known.claim, again: true } }, answer: false };
      }
      return { write: { ...known, claim: this.#claimed() }, answer: true };
    });
  }

  /** Gives the claim back; false if another invocation was turned away meanwhile, so this one must look again. */
  release(): Promise<boolean> {
    return this.#swap((state) => {
      if (state?.claim?.by !== this.#me) return { answer: true };
      if (!state.claim.again) return { write: { ...state, claim: null }, answer: true };
      return { write: { ...state, claim: this.#claimed() }, answer: false };
    });
  }

  /** Marks that a message is about to be sent. False if another invocation has taken the claim over. */
  begin(parcel: Parcel): Promise<boolean> {
    return this.#swap((state) => {
      if (state?.claim?.by !== this.#me) return { answer: false };
      const claim = { ...state.claim, until: this.#place.now() + claimMs };
      const told = withEntries(state.told, parcel, (incident, known) => known ?? this.#begun(incident));
      return { write: { ...state, told, claim }, answer: true };
    });
  }

  /** Marks a message as taken, and forgets incidents that the store no longer keeps. */
  async taken(parcel: Parcel, thread: string | null): Promise<void> {
    const { store, pipeline } = this.#place;
    const incidents = await readJson<IncidentState>(store, incidentsKey(pipeline));
    const kept = new Set(incidents?.incidents.map(({ id }) => id));
    await this.#swap((state) => {
      const left = Object.fromEntries(Object.entries(state?.told ?? {}).filter(([id]) => kept.has(id)));
      const told = withEntries(left, parcel, (incident) => ({ ...this.#heard(incident), thread }));
      return { write: { pipeline, told, claim: state?.claim ?? null }, answer: true };
    });
  }

  /** Takes the mark of a message back that was refused for certain, so that its destination does not hear of the end of something it never heard of. */
  async forget(parcel: Parcel): Promise<void> {
    await this.#swap((state) => {
      if (!state) return { answer: true };
      const told = withEntries(state.told, parcel, (_, known) => (known?.loud_at === '' ? null : (known ?? null)));
      return { write: { ...state, told }, answer: true };
    });
  }

  #heard(incident: Incident): Omit<Told, 'thread'> {
    return {
      severity: incident.severity,
      status: incident.status,
      failures: incident.failures,
      late: lateOf(incident),
      loud_at: incident.loud_at ?? incident.opened_at,
      at: new Date(this.#place.now()).toISOString(),
    };
  }

  /** The mark of a first message of which no one knows yet if it arrives: it counts as not heard, until the incident ends. */
  #begun(incident: Incident): Told {
    return { ...this.#heard(incident), status: 'open', late: null, loud_at: '', thread: null };
  }

  #claimed(): NonNullable<AlertState['claim']> {
    return { by: this.#me, until: this.#place.now() + claimMs, again: false };
  }

  #swap(decide: Parameters<typeof swapJson<AlertState, boolean>>[2]): Promise<boolean> {
    return swapJson<AlertState, boolean>(this.#place.store, alertStateKey(this.#place.pipeline), decide);
  }
}

/** The marks with other entries for the notices of a parcel; null takes an entry out. */
function withEntries(
  told: AlertState['told'],
  parcel: Parcel,
  entryOf: (incident: Incident, known: Told | undefined) => Told | null,
): AlertState['told'] {
  const next = { ...told };
  for (const { incident, name } of parcel) {
    const { [name]: known, ...others } = next[incident.id] ?? {};
    const entry = entryOf(incident, known);
    next[incident.id] = entry === null ? others : { ...others, [name]: entry };
  }
  return next;
}
