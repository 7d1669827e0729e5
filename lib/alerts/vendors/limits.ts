/** The published limits of every receiver, with their sources. docs/alerts.md is checked against this table, and tests hold each message to it. */
import type { DestinationKind } from '../../contract/events/alert-settings.ts';

export interface Limit {
  readonly of: string;
  readonly most: number;
  readonly unit: 'characters' | 'bytes' | 'blocks' | 'addresses';
  readonly source: string;
}

const slackText = 'https://docs.slack.dev/reference/block-kit/composition-objects/text-object';
const opsgenieApi = 'https://docs.opsgenie.com/docs/alert-api';
const pagerdutyApi = 'https://developer.pagerduty.com/docs/events-api-v2-overview';
const snsApi = 'https://docs.aws.amazon.com/sns/latest/api/API_Publish.html';

const row = (of: string, most: number, unit: Limit['unit'], source: string): Limit => ({ of, most, unit, source });

const topic = {
  subject: row('subject, ASCII', 100, 'characters', snsApi),
  message: row('message', 262_144, 'bytes', snsApi),
};

export const limits = {
  slack: {
    blocks: row('message', 50, 'blocks', 'https://docs.slack.dev/reference/block-kit/blocks'),
    header: row('header', 150, 'characters', 'https://docs.slack.dev/reference/block-kit/blocks/header-block'),
    text: row('text in a block', 3_000, 'characters', slackText),
    // Slack recommends this much and cuts at 40,000.
    fallback: row(
      'text of the notification',
      4_000,
      'characters',
      'https://docs.slack.dev/reference/methods/chat.postMessage',
    ),
  },
  pagerduty: {
    summary: row('summary', 1_024, 'characters', 'https://developer.pagerduty.com/docs/send-alert-event'),
    dedupKey: row('dedup_key', 255, 'characters', 'https://developer.pagerduty.com/docs/send-alert-event'),
    event: row('event', 512 * 1024, 'bytes', pagerdutyApi),
  },
  opsgenie: {
    message: row('message', 130, 'characters', opsgenieApi),
    alias: row('alias', 512, 'characters', opsgenieApi),
    description: row('description', 15_000, 'characters', opsgenieApi),
    note: row('note', 25_000, 'characters', opsgenieApi),
  },
  teams: {
    message: row(
      'message',
      28 * 1024,
      'bytes',
      'https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook',
    ),
  },
  email: topic,
  sns: topic,
  ses: {
    recipients: row(
      'recipients',
      50,
      'addresses',
      'https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Destination.html',
    ),
    subject: row('line of the head', 998, 'characters', 'https://www.rfc-editor.org/rfc/rfc5322#section-2.1.1'),
  },
  /** Your receiver sets its limits; a message stays below 64 KiB. */
  webhook: {},
} as const satisfies Readonly<Record<DestinationKind, Readonly<Record<string, Limit>>>>;
