import { randomUUID } from 'node:crypto';
import { PlatformError } from '../../contract/errors.ts';
import type { AlertSettings } from '../../contract/events/alert-settings.ts';
import { alertStateKey, incidentsKey } from '../../contract/object-keys.ts';
import type { AlertState } from '../../contract/records/alert-state.ts';
import type { Incident, IncidentState } from '../../contract/records/incident.ts';
import { readJson } from '../../runtime/records/json-objects.ts';
import { swapJson } from '../../runtime/records/swap-json.ts';
import type { Alert } from '../alert.ts';
import { type AlertPorts, sendAlert } from '../send/send-alert.ts';
import { AlertNotTakenError } from '../send/send-http.ts';
import { type AlertText, alertText } from '../text/alert-text.ts';
import { digestText } from './digest-text.ts';
import { type AlertSource, incidentAlert } from './incident-alert.ts';
import { type Notice, planNotices } from './plan-notices.ts';

/** An invocation that died holds its claim this long; a live one renews it with each message. */
const claimMs = 120_000;

/** Notices that one message carries. */
type Parcel = readonly [Notice, ...Notice[]];

export interface DeliveryOptions extends AlertPorts, Pick<AlertSource, 'store' | 'links'> {
  readonly pipeline: string;
  readonly settings: AlertSettings;
}

export interface Delivered {
  /** `<destination>: <title>` for each message that was sent. */
  readonly sent: readonly string[];
  /** One line per message that was not, with the reason. */
  readonly failed: readonly string[];
  /** True if another invocation sends at this moment; it takes the incidents' new state into account. */
  readonly busy: boolean;
}

/**
 * Sends every message that is due for a pipeline's incidents. Each message is marked in the store when its destination has taken it, so a crash repeats at most one message.
 * One invocation per pipeline sends at a time. A destination that refuses a message, or does not answer, gets it with the next call,
 * and does not hold up the others.
 */
export async function deliverAlerts(options: DeliveryOptions): Promise<Delivered> {
  const me = randomUUID();
  const sent: string[] = [];
  const failed = new Map<string, string>();
  if (!(await claim(options, me))) return { sent, failed: [], busy: true };
  try {
    do {
      for (let parcel = await nextParcel(options, failed); parcel; parcel = await nextParcel(options, failed)) {
        await deliver(parcel, { options, me, sent, failed });
      }
    } while (!(await release(options, me)));
  } catch (error) {
    await release(options, me);
    throw error;
  }
  return { sent, failed: [...failed.values()], busy: false };
}

interface Attempt {
  readonly options: DeliveryOptions;
  readonly me: string;
  readonly sent: string[];
  readonly failed: Map<string, string>;
}

async function deliver(parcel: Parcel, { options, me, sent, failed }: Attempt): Promise<void> {
  const [{ destination, name, thread }] = parcel;
  const text = await textOf(parcel, options);
  try {
    const handle = await sendAlert(destination, { text, name, thread }, options);
    await mark(options, me, parcel, handle);
    sent.push(`${name}: ${text.title}`);
  } catch (error) {
    if (error instanceof PlatformError && !(error instanceof AlertNotTakenError)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    for (const notice of parcel) failed.set(keyOf(notice), `${name}: ${why}`);
  }
}

const keyOf = ({ incident, name, kind }: Notice): string => `${incident.id} ${kind} ${name}`;

/** The next message that is due and has not failed in this call. */
async function nextParcel(options: DeliveryOptions, failed: ReadonlyMap<string, string>): Promise<Parcel | null> {
  const { store, pipeline, settings } = options;
  const [incidents, state] = await Promise.all([
    readJson<IncidentState>(store, incidentsKey(pipeline)),
    readJson<AlertState>(store, alertStateKey(pipeline)),
  ]);
  const now = options.now();
  const due = planNotices(incidents?.incidents ?? [], { settings, state }).filter(
    (notice) => notice.due <= now && !failed.has(keyOf(notice)),
  );
  const [first] = due;
  if (!first) return null;
  const others = first.digest ? due.filter((one) => one !== first && one.digest && one.name === first.name) : [];
  return [first, ...others];
}

async function textOf(parcel: Parcel, options: DeliveryOptions): Promise<AlertText> {
  const source = { ...options, now: options.now() };
  const alerts: Alert[] = [];
  for (const { incident, kind } of parcel) alerts.push(await incidentAlert(incident, kind, source));
  const [first, ...others] = alerts;
  if (!first) throw new Error('a parcel has no notice');
  return others.length === 0 ? alertText(first) : digestText([first, ...others]);
}

async function claim({ store, pipeline, now }: DeliveryOptions, me: string): Promise<boolean> {
  return swapJson<AlertState, boolean>(store, alertStateKey(pipeline), (state) => {
    const known = state ?? { pipeline, told: {}, claim: null };
    if (known.claim && known.claim.until > now()) {
      return { write: { ...known, claim: { ...known.claim, again: true } }, answer: false };
    }
    return { write: { ...known, claim: { by: me, until: now() + claimMs, again: false } }, answer: true };
  });
}

/** Gives the claim back; false if another invocation was turned away meanwhile, so this one must look again. */
async function release({ store, pipeline, now }: DeliveryOptions, me: string): Promise<boolean> {
  return swapJson<AlertState, boolean>(store, alertStateKey(pipeline), (state) => {
    if (state?.claim?.by !== me) return { answer: true };
    if (!state.claim.again) return { write: { ...state, claim: null }, answer: true };
    return { write: { ...state, claim: { by: me, until: now() + claimMs, again: false } }, answer: false };
  });
}

/** Marks a message as taken or refused, and forgets incidents that the store no longer keeps. */
async function mark(
  { store, pipeline, now }: DeliveryOptions,
  me: string,
  parcel: Parcel,
  thread: string | null,
): Promise<void> {
  const kept = new Set((await readJson<IncidentState>(store, incidentsKey(pipeline)))?.incidents.map(({ id }) => id));
  await swapJson<AlertState, null>(store, alertStateKey(pipeline), (state) => {
    const told = Object.fromEntries(Object.entries(state?.told ?? {}).filter(([id]) => kept.has(id)));
    for (const { incident, name } of parcel) {
      const entry = { ...heardOf(incident), thread, at: new Date(now()).toISOString() };
      told[incident.id] = { ...told[incident.id], [name]: entry };
    }
    const claimed = state?.claim?.by === me ? { ...state.claim, until: now() + claimMs } : (state?.claim ?? null);
    return { write: { pipeline, told, claim: claimed }, answer: null };
  });
}

const heardOf = ({ severity, status, loud_at, opened_at, failures }: Incident) => ({
  severity,
  status,
  failures,
  loud_at: loud_at ?? opened_at,
});
