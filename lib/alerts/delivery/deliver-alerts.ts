import { randomUUID } from 'node:crypto';
import { PermanentError } from '../../contract/errors.ts';
import type { AlertSettings } from '../../contract/events/alert-settings.ts';
import { alertStateKey, incidentsKey } from '../../contract/object-keys.ts';
import type { AlertState, DigestLine } from '../../contract/records/alert-state.ts';
import type { IncidentState } from '../../contract/records/incident.ts';
import { readJson } from '../../runtime/records/json-objects.ts';
import type { Alert } from '../alert.ts';
import { explainFailure } from '../send/explain-failure.ts';
import { type AlertPorts, sendAlert } from '../send/send-alert.ts';
import { type AlertText, alertText } from '../text/alert-text.ts';
import { AlertMarks, type Parcel } from './alert-marks.ts';
import { digestText, sharedDigestText } from './digest-text.ts';
import { type AlertSource, incidentAlert } from './incident-alert.ts';
import { type Notice, planNotices } from './plan-notices.ts';
import { causeTold } from './shared-causes.ts';
import { type DigestPart, type DigestPlace, digestSent, joinDigest } from './shared-digest.ts';
import { isQuiet, sharedIncident, takePlace, withPlace } from './take-place.ts';

export interface DeliveryOptions extends AlertPorts, Pick<AlertSource, 'store' | 'links'> {
  readonly pipeline: string;
  readonly settings: AlertSettings;
  /** The time for which a digest waits for other pipelines with the same destination, in milliseconds. By default each pipeline has its own digest, at once. */
  readonly gatherMs?: number;
  /** Tells invocations apart; a random one by default. */
  readonly invocation?: string;
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
 * and does not hold up the others. If nothing is due, it reads two objects and writes none.
 */
export async function deliverAlerts(options: DeliveryOptions): Promise<Delivered> {
  const marks = new AlertMarks(options, options.invocation ?? randomUUID());
  const attempt: Attempt = { options, marks, sent: [], failed: new Map(), silent: new Set(), waiting: new Set() };
  const { sent, failed } = attempt;
  if ((await nextParcel(attempt)) === null) return { sent, failed: [], busy: false };
  let busy = !(await marks.claim());
  if (busy) return { sent, failed: [], busy };
  try {
    do {
      for (let parcel = await nextParcel(attempt); parcel && !busy; parcel = await nextParcel(attempt)) {
        busy = !(await deliver(parcel, attempt));
      }
    } while (!busy && !(await marks.release()));
  } catch (error) {
    await marks.release();
    throw error;
  }
  return { sent, failed: [...new Set(failed.values())], busy };
}

/** A message that is due now or later. */
export interface AlertAhead {
  readonly destination: string;
  readonly title: string;
  /** ISO 8601 in UTC; null: now. */
  readonly at: string | null;
}

/** The messages that `deliverAlerts` would send now, and those that follow if nothing changes: digests and escalations. Changes nothing. */
export async function alertsAhead(options: Look & Pick<DeliveryOptions, 'links'>): Promise<AlertAhead[]> {
  const ahead: AlertAhead[] = [];
  const now = options.now();
  for (let left = await notices(options); left.length > 0; ) {
    const { parcel, others } = split(left);
    const [{ name, due }] = parcel;
    const { title } = textOf(await alertsOf(parcel, options));
    ahead.push({ destination: name, title, at: due <= now ? null : new Date(due).toISOString() });
    left = others;
  }
  return ahead;
}

interface Attempt {
  readonly options: DeliveryOptions;
  readonly marks: AlertMarks;
  readonly sent: string[];
  /** By message: the reason why it could not be sent. */
  readonly failed: Map<string, string>;
  /** Destinations that do not answer: further messages to them would only cost time. */
  readonly silent: Set<string>;
  /** Messages about a cause of which another pipeline tells at this moment: the next call takes them up. */
  readonly waiting: Set<string>;
}

/** Sends one message. False if another invocation has taken over: this one was silent for too long. */
async function deliver(parcel: Parcel, attempt: Attempt): Promise<boolean> {
  const { options, marks, sent } = attempt;
  const [notice, ...others] = parcel;
  const { destination, name } = notice;
  const alerts = await alertsOf(parcel, options);
  if (!(await marks.begin(parcel))) return false;
  const gathered = await gather(parcel, alerts, options);
  if (gathered?.role === 'gather') {
    // The mark stays, so that people hear of the end if the incident ends first: another pipeline may send the digest.
    for (const one of parcel) attempt.waiting.add(keyOf(one));
    return true;
  }
  if (gathered?.role === 'sent') {
    await marks.taken(parcel, gathered.thread);
    return true;
  }
  const shared = others.length === 0 ? await takePlace(notice, alerts[0], options) : null;
  if (shared?.role === 'wait') {
    attempt.waiting.add(keyOf(notice));
    await marks.forget(parcel);
    return true;
  }
  const thread = notice.thread ?? shared?.thread ?? null;
  if (shared && isQuiet(shared, destination)) {
    await marks.taken(parcel, thread);
    return true;
  }
  const text = gathered
    ? sharedDigestText(gathered.lines, alerts[0])
    : shared
      ? alertText(withPlace(alerts[0], shared))
      : textOf(alerts);
  let handle: string | null;
  try {
    handle = await sendAlert(destination, { text, name, thread }, options);
  } catch (error) {
    noteFailure(parcel, error, attempt);
    if (error instanceof PermanentError) await marks.forget(parcel);
    return true;
  }
  if (gathered) await digestSent(gathered.lines, handle, digestPlace(notice, options));
  if (shared?.role === 'first') await causeTold(sharedIncident(notice, options), handle);
  await marks.taken(parcel, handle);
  sent.push(`${name}: ${text.title}`);
  return true;
}

const digestPlace = ({ name }: Notice, { store, pipeline, now }: DeliveryOptions): DigestPlace => ({
  store,
  pipeline,
  destination: name,
  now: now(),
});

/** The part of a digest that other pipelines fill too; null for other messages. */
async function gather(parcel: Parcel, alerts: Alerts, options: DeliveryOptions): Promise<DigestPart | null> {
  const { gatherMs } = options;
  if (gatherMs === undefined || !parcel[0].digest) return null;
  const lineOf = ({ incident }: Notice, index: number): DigestLine => {
    const { error, step, title } = alerts[index] ?? alerts[0];
    const key = `${incident.id} ${incident.loud_at}`;
    return { key, pipeline: incident.pipeline, severity: incident.severity, what: step ?? error, title };
  };
  const [first, ...others] = parcel;
  const lines = others.map((notice, index) => lineOf(notice, index + 1));
  return joinDigest([lineOf(first, 0), ...lines], gatherMs, digestPlace(first, options));
}

function noteFailure(parcel: Parcel, error: unknown, { failed, silent }: Attempt): void {
  const [{ destination, name }] = parcel;
  const why = explainFailure(destination, name, error);
  for (const notice of parcel) failed.set(keyOf(notice), why);
  if (!(error instanceof PermanentError)) silent.add(name);
}

const keyOf = ({ incident, name, kind }: Notice): string => `${incident.id} ${kind} ${name}`;

type Look = Pick<DeliveryOptions, 'store' | 'pipeline' | 'settings' | 'now'>;

async function notices({ store, pipeline, settings }: Look): Promise<Notice[]> {
  const [incidents, state] = await Promise.all([
    readJson<IncidentState>(store, incidentsKey(pipeline)),
    readJson<AlertState>(store, alertStateKey(pipeline)),
  ]);
  return planNotices(incidents?.incidents ?? [], { settings, state });
}

/** The next message that is due, unless it has failed in this call. */
async function nextParcel({ options, failed, silent, waiting }: Attempt): Promise<Parcel | null> {
  const now = options.now();
  const due = (await notices(options)).filter((notice) => notice.due <= now);
  const isLeft = (one: Notice): boolean => !failed.has(keyOf(one)) && !waiting.has(keyOf(one)) && !silent.has(one.name);
  const left = due.filter(isLeft);
  return left.length === 0 ? null : split(left).parcel;
}

/** The first notice, with those that go into one message with it. */
function split([first, ...rest]: readonly Notice[]): { readonly parcel: Parcel; readonly others: Notice[] } {
  if (!first) throw new Error('no notice is left');
  const isWith = (one: Notice): boolean => first.digest && one.digest && one.name === first.name;
  return { parcel: [first, ...rest.filter(isWith)], others: rest.filter((one) => !isWith(one)) };
}

type Alerts = readonly [Alert, ...Alert[]];

async function alertsOf(
  [first, ...others]: Parcel,
  { store, links, now }: Pick<DeliveryOptions, 'store' | 'links' | 'now'>,
): Promise<Alerts> {
  const source = { store, links, now: now() };
  const alerts: [Alert, ...Alert[]] = [await incidentAlert(first, source)];
  for (const notice of others) alerts.push(await incidentAlert(notice, source));
  return alerts;
}

function textOf([first, ...others]: Alerts): AlertText {
  return others.length === 0 ? alertText(first) : digestText([first, ...others]);
}
