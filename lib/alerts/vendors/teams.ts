/**
 * Messages for Microsoft Teams through a Workflows webhook ("When a Teams webhook request is received"), which took the place of Office 365 connectors. The body is a message
 * with one adaptive card (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using). All text of an alert stands in text runs: they know no markdown,
 * and a mention would need an entity, which no card has.
 */
import type { AlertText } from '../text/alert-text.ts';
import { clip, jsonBytes } from '../text/clip.ts';
import { type HttpMessage, jsonMessage } from './http-message.ts';

/**
 * Bytes per part. Together they stay below 21,000 for any content, a digest of 21 facts included: users report that Teams refuses messages well below its published 28 KB
 * (https://rubydoc.info/gems/msteams_hermes/MsTeamsHermes/Message).
 */
const most = { title: 600, fact: 500, command: 900, detail: 5_000, label: 200, links: 4, url: 1_000 } as const;

/** Returns the request for an alert. */
export function teamsMessage(webhook: string, { title, facts, detail, command, links }: AlertText): HttpMessage {
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body: [
      runs([{ text: clip(title, most.title, jsonBytes), weight: 'Bolder', size: 'Medium' }]),
      ...facts.map(({ name, value }) =>
        runs([{ text: `${name}: `, weight: 'Bolder' }, { text: clip(value, most.fact, jsonBytes) }]),
      ),
      ...(command === null ? [] : [runs([{ text: clip(command, most.command, jsonBytes), fontType: 'Monospace' }])]),
      ...(detail === '' ? [] : [runs([{ text: clip(detail, most.detail, jsonBytes), fontType: 'Monospace' }])]),
    ],
    actions: links
      .filter(({ url }) => jsonBytes(url) <= most.url)
      .slice(0, most.links)
      .map(({ label, url }) => ({ type: 'Action.OpenUrl', title: clip(label, most.label, jsonBytes), url })),
  };
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card };
  return jsonMessage(webhook, { type: 'message', attachments: [attachment] });
}

function runs(inlines: readonly object[]): object {
  return { type: 'RichTextBlock', inlines: inlines.map((inline) => ({ type: 'TextRun', ...inline })) };
}
