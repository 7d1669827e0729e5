/** The vendors' published forms and limits, written from their documentation and not from our code. Strict: a field that a vendor does not know is a mistake. */
import * as z from 'zod';

const wellFormed = (text: string): boolean => text.isWellFormed();
const bidi = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const shown = (least: number, most: number) =>
  z
    .string()
    .min(least)
    .max(most)
    .refine(wellFormed, 'half a character')
    .refine((text) => !bidi.test(text), 'direction');

/** https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
const richElement = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('text'),
    text: shown(1, 3_000),
    style: z.strictObject({ bold: z.boolean() }).optional(),
  }),
  z.strictObject({ type: z.literal('link'), url: z.url({ protocol: /^https?$/ }).max(3_000), text: shown(1, 3_000) }),
]);
const slackBlock = z.discriminatedUnion('type', [
  /** https://docs.slack.dev/reference/block-kit/blocks/header-block */
  z.strictObject({
    type: z.literal('header'),
    text: z.strictObject({ type: z.literal('plain_text'), text: shown(1, 150), emoji: z.boolean() }),
  }),
  z.strictObject({
    type: z.literal('rich_text'),
    elements: z
      .array(
        z.strictObject({
          type: z.enum(['rich_text_section', 'rich_text_preformatted']),
          elements: z.array(richElement).min(1),
        }),
      )
      .min(1),
  }),
]);

/** The characters with which a mention begins stand only as entities, and no @ touches a name. */
const inertMarkup = (text: string): boolean => !/[<>]|&(?!amp;|lt;|gt;)|@\w/u.test(text);

const slackContent = {
  text: shown(1, 4_000).refine(inertMarkup, 'live markup'),
  blocks: z.array(slackBlock).min(1).max(50),
  unfurl_links: z.literal(false),
  unfurl_media: z.literal(false),
  link_names: z.literal(false),
};
/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export const slackWebhookSchema = z.strictObject(slackContent);
/** https://docs.slack.dev/reference/methods/chat.postMessage */
export const slackPostSchema = z.strictObject({
  ...slackContent,
  channel: z.string(),
  thread_ts: z
    .string()
    .regex(/^\d+\.\d+$/)
    .optional(),
  parse: z.literal('none'),
});

/** https://developer.pagerduty.com/docs/events-api-v2-overview and /docs/events-api-v2-send-an-event */
const pagerdutyBase = { routing_key: z.string().length(32), dedup_key: z.string().min(1).max(255) };
export const pagerdutySchema = z.discriminatedUnion('event_action', [
  z.strictObject({
    ...pagerdutyBase,
    event_action: z.literal('trigger'),
    client: z.string(),
    links: z.array(z.strictObject({ href: z.url({ protocol: /^https?$/ }), text: shown(1, 20_000) })),
    payload: z.strictObject({
      summary: shown(1, 1_024),
      source: z.string().min(1),
      severity: z.enum(['critical', 'error', 'warning', 'info']),
      timestamp: z.iso.datetime(),
      component: z.string().optional(),
      class: shown(1, 255),
      custom_details: z.record(z.string(), shown(1, 300_000)),
    }),
  }),
  z.strictObject({ ...pagerdutyBase, event_action: z.enum(['acknowledge', 'resolve']) }),
]);

const noHtml = (text: string): boolean => !/[<>]/u.test(text);
/** https://docs.opsgenie.com/docs/alert-api#create-alert */
export const opsgenieSchema = z.strictObject({
  message: shown(1, 130).refine(noHtml, 'HTML'),
  alias: z.string().min(1).max(512),
  description: shown(1, 15_000).refine(noHtml, 'HTML'),
  priority: z.enum(['P1', 'P2', 'P3', 'P4', 'P5']),
  source: z.string().max(100),
  entity: z.string().max(512),
  tags: z.array(z.string().max(50)).max(20),
});
/** https://docs.opsgenie.com/docs/alert-api#close-alert */
export const opsgenieChangeSchema = z.strictObject({
  source: z.string().max(100),
  note: shown(1, 25_000).refine(noHtml),
});

const textRun = z.strictObject({
  type: z.literal('TextRun'),
  text: shown(1, 28_000),
  weight: z.enum(['Default', 'Lighter', 'Bolder']).optional(),
  size: z.enum(['Default', 'Small', 'Medium', 'Large', 'ExtraLarge']).optional(),
  fontType: z.enum(['Default', 'Monospace']).optional(),
});
/** https://adaptivecards.io/schemas/1.4.0/adaptive-card.json, in the message of a Teams webhook. Text runs only: a TextBlock knows markdown, and an entity makes a mention. */
export const teamsSchema = z.strictObject({
  type: z.literal('message'),
  attachments: z.tuple([
    z.strictObject({
      contentType: z.literal('application/vnd.microsoft.card.adaptive'),
      contentUrl: z.null(),
      content: z.strictObject({
        $schema: z.literal('http://adaptivecards.io/schemas/adaptive-card.json'),
        type: z.literal('AdaptiveCard'),
        version: z.literal('1.4'),
        msteams: z.strictObject({ width: z.literal('Full') }),
        body: z.array(z.strictObject({ type: z.literal('RichTextBlock'), inlines: z.array(textRun).min(1) })).min(1),
        actions: z
          .array(
            z.strictObject({
              type: z.literal('Action.OpenUrl'),
              title: shown(1, 200),
              url: z.url({ protocol: /^https?$/ }),
            }),
          )
          .max(6),
      }),
    }),
  ]),
});
