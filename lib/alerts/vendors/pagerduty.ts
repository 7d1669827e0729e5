/**
 * Events for PagerDuty's Events API v2 (https://developer.pagerduty.com/docs/events-api-v2-overview). Trigger, acknowledge and resolve of one incident carry the same key, so PagerDuty keeps one incident, however often an event comes.
 */
import type { Region, Severity } from '../../contract/events/alert-settings.ts';
import type { AlertKind } from '../alert.ts';
import type { AlertText } from '../text/alert-text.ts';
import { clip } from '../text/clip.ts';
import { type HttpMessage, jsonMessage } from './http-message.ts';
import { joiningKey } from './joining-key.ts';
import { limits } from './limits.ts';

const hosts: Readonly<Record<Region, string>> = {
  us: 'https://events.pagerduty.com',
  eu: 'https://events.eu.pagerduty.com',
};

const severities: Readonly<Record<Severity, string>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
};

/** An update triggers again: PagerDuty adds it to the log of the incident with that key and pages no one. */
const actions: Readonly<Record<AlertKind, string>> = {
  opened: 'trigger',
  updated: 'trigger',
  joined: 'trigger',
  recovered: 'trigger',
  escalated: 'trigger',
  acknowledged: 'acknowledge',
  resolved: 'resolve',
  late: 'trigger',
};

export interface PagerdutyAccess {
  readonly routingKey: string;
  readonly region: Region;
  /** Address of the API, if it is not the region's. */
  readonly api?: string;
}

/** Returns the request for an alert. */
export function pagerdutyMessage(access: PagerdutyAccess, text: AlertText): HttpMessage {
  const { alert } = text;
  const action = actions[alert.kind];
  const event = {
    routing_key: access.routingKey,
    event_action: action,
    dedup_key: joiningKey(alert.incident, { most: limits.pagerduty.dedupKey.most, begins: 180 }),
    ...(action === 'trigger' && { payload: payloadOf(text), links: linksOf(text), client: 'Daybreak' }),
  };
  return jsonMessage(`${access.api ?? hosts[access.region]}/v2/enqueue`, event);
}

function payloadOf({ alert, title, facts, detail, command }: AlertText): object {
  return {
    summary: clip(title, limits.pagerduty.summary.most),
    source: alert.pipeline,
    severity: severities[alert.severity],
    timestamp: alert.at,
    ...(alert.step !== null && { component: alert.step }),
    class: alert.error,
    custom_details: {
      ...Object.fromEntries(facts.map(({ name, value }) => [name, value])),
      ...(command !== null && { 'Continue with': command }),
      ...(detail !== '' && { Message: detail }),
    },
  };
}

const linksOf = ({ links }: AlertText): object[] => links.map(({ label, url }) => ({ href: url, text: label }));
