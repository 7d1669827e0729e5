/**
 * Messages for Slack. All text of an alert stands in `plain_text` and `rich_text` elements, which Slack shows as they are: no
 * markup works there and no mention fires. Only the top-level text, for notifications, is markup; `inert` makes it inert.
 */
import type { AlertText } from '../text/alert-text.ts';
import { clip } from '../text/clip.ts';
import { type HttpMessage, jsonMessage } from './http-message.ts';
import { limits } from './limits.ts';

/** Facts beyond this total would push the command out of view. */
const longestFact = 600;

/** Returns the request for an incoming webhook. Slack offers no thread there, so each change is a message. */
export function slackWebhookMessage(webhook: string, text: AlertText): HttpMessage {
  return jsonMessage(webhook, content(text));
}

export interface SlackPost {
  readonly token: string;
  readonly channel: string;
  /** Timestamp of the incident's first message: the change goes into its thread; null for the first one. */
  readonly thread: string | null;
  /** Address of the Web API. */
  readonly api?: string;
}

/** Returns the request for `chat.postMessage`. Its answer holds the message's timestamp, which later changes need as `thread`. */
export function slackPostMessage(
  { token, channel, thread, api = 'https://slack.com/api' }: SlackPost,
  text: AlertText,
): HttpMessage {
  const body = { channel, ...(thread !== null && { thread_ts: thread }), ...content(text), parse: 'none' };
  return jsonMessage(`${api}/chat.postMessage`, body, { authorization: `Bearer ${token}` });
}

function content({ title, facts, detail, command, links }: AlertText): object {
  const lines = facts.flatMap(({ name, value }) => [
    { type: 'text', text: `${name}: `, style: { bold: true } },
    { type: 'text', text: `${clip(value, longestFact)}\n` },
  ]);
  const linked = links.flatMap(({ label, url }, index) => [
    ...(index === 0 ? [] : [{ type: 'text', text: '  ' }]),
    { type: 'link', url, text: clip(label, limits.slack.text.most) },
  ]);
  const elements = [
    ...(lines.length > 0 ? [{ type: 'rich_text_section', elements: lines }] : []),
    ...(command === null ? [] : [preformatted(command)]),
    ...(detail === '' ? [] : [preformatted(detail)]),
    ...(linked.length > 0 ? [{ type: 'rich_text_section', elements: linked }] : []),
  ];
  return {
    text: clip(title, limits.slack.fallback.most, (piece) => inert(piece).length).replace(/[\s\S]+/u, inert),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: clip(title, limits.slack.header.most), emoji: false } },
      ...(elements.length > 0 ? [{ type: 'rich_text', elements }] : []),
    ],
    unfurl_links: false,
    unfurl_media: false,
    link_names: false,
  };
}

function preformatted(text: string): object {
  return { type: 'rich_text_preformatted', elements: [{ type: 'text', text: clip(text, limits.slack.text.most) }] };
}

/** Slack's three control characters (https://docs.slack.dev/messaging/formatting-message-text), and an @ that no longer touches a name. */
function inert(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('@', '@\u2060');
}
