/**
 * Requests to Opsgenie's Alert API (https://docs.opsgenie.com/docs/alert-api). Opsgenie shows HTML in messages and descriptions, so text of the alert is escaped. The incident's key is the alias: changes find their alert by it.
 */
import type { Region, Severity } from '../../contract/events/alert-settings.ts';
import type { AlertText } from '../text/alert-text.ts';
import { clip } from '../text/clip.ts';
import { textLines } from '../text/text-lines.ts';
import { type HttpMessage, jsonMessage } from './http-message.ts';
import { joiningKey } from './joining-key.ts';
import { limits } from './limits.ts';

const hosts: Readonly<Record<Region, string>> = {
  us: 'https://api.opsgenie.com',
  eu: 'https://api.eu.opsgenie.com',
};

const priorities: Readonly<Record<Severity, string>> = { critical: 'P1', high: 'P2', medium: 'P3', low: 'P5' };

export interface OpsgenieAccess {
  readonly apiKey: string;
  readonly region: Region;
  /** Address of the API, if it is not the region's. */
  readonly api?: string;
}

/** Returns the request for an alert. */
export function opsgenieMessage(access: OpsgenieAccess, text: AlertText): HttpMessage {
  const { alert } = text;
  const alias = joiningKey(alert.incident, { most: limits.opsgenie.alias.most, begins: 440 });
  const base = `${access.api ?? hosts[access.region]}/v2/alerts`;
  const headers = { authorization: `GenieKey ${access.apiKey}` };
  const change = (verb: string): HttpMessage => {
    const note = clipped(`${text.title}\n${textLines(text)}`, limits.opsgenie.note.most);
    const url = `${base}/${encodeURIComponent(alias)}/${verb}?identifierType=alias`;
    return jsonMessage(url, { source: 'Daybreak', note }, headers);
  };
  if (alert.kind === 'acknowledged') return change('acknowledge');
  if (alert.kind === 'resolved') return change('close');
  if (['updated', 'joined', 'recovered'].includes(alert.kind)) return change('notes');
  const created = {
    message: clipped(text.title, limits.opsgenie.message.most),
    alias,
    description: clipped(textLines(text), limits.opsgenie.description.most),
    priority: priorities[alert.severity],
    source: 'Daybreak',
    entity: alert.pipeline,
    tags: ['daybreak', alert.severity],
  };
  return jsonMessage(base, created, headers);
}

function clipped(text: string, limit: number): string {
  return clip(text, limit, (piece) => asHtml(piece).length).replace(/[\s\S]+/u, asHtml);
}

function asHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
