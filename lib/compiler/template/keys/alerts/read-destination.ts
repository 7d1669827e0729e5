import type { Destination, DestinationKind } from '../../../../contract/events/alert-settings.ts';
import type { JsonObject } from '../../../../contract/json.ts';
import { parseSecret } from '../../../../input/secret-source.ts';
import { describe, type Mapping, quote, type Tree } from '../../tree/tree.ts';
import { type Key, type KeyTable, type Reader, take, takes } from '../key-table.ts';
import { readMapping, requireKeys } from '../read-mapping.ts';
import { oneOf, text } from '../read-value.ts';

const shown = (value: Tree): string => (value.kind === 'scalar' ? quote(value.text) : describe(value));

/** Tokens and addresses of vendors, which people paste by mistake. */
const looksLikeSecret = /^https?:|^xox[a-z]-|^[0-9a-f]{32}$|^whsec_/i;

/** The location of a secret. A value in its place would reach the repository and every reader of the template. */
export const secret: Reader<NonNullable<ReturnType<typeof parseSecret>>> = takes(
  { type: ['string', 'number', 'boolean'] },
  (value, reading, key) => {
    const written = value.kind === 'scalar' ? value.text : '';
    const how = 'write its location: secretsmanager:<name or ARN> or ssm:/<path>';
    const found = looksLikeSecret.test(written) ? null : parseSecret(written);
    if (found) return found;
    // The value itself does not stand in the message, since it may be the secret.
    const what = looksLikeSecret.test(written) ? 'holds the secret itself' : 'is not the location of a secret';
    reading.say('BAD_SECRET', value.range, `"${key}" ${what}; ${how}`);
    return null;
  },
);

const matching = (form: RegExp, like: string) =>
  takes<Reader<string>>({ type: ['string', 'number', 'boolean'], pattern: form.source }, (value, reading, key) => {
    const read = text(value, reading, key);
    if (read === null || form.test(read)) return read;
    reading.say('BAD_VALUE', value.range, `"${key}" is ${shown(value)}; write ${like}`);
    return null;
  });

const topicArn = matching(
  /^arn:[\w-]+:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
  'the ARN of an SNS topic, like arn:aws:sns:eu-central-1:123456789012:alerts',
);
const mailbox = /^[^\s@<>,;"]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;
const address = matching(mailbox, 'an address like data@example.com');

const addresses: Reader<string[]> = takes(
  (of, name) => {
    const one = address.accepts(of, name);
    return { anyOf: [one, { type: 'array', minItems: 1, maxItems: 50, items: one }] };
  },
  (value, reading, key) => {
    const list = value.kind === 'list' ? value.items : [value];
    if (list.length === 0 || list.length > 50)
      reading.say('BAD_VALUE', value.range, `"${key}" has ${list.length} addresses; SES takes 1 to 50`);
    return list.flatMap((item) => address(item, reading, key) ?? []);
  },
);

const key = <T>(name: string, means: string, read: Reader<T>, required = false) =>
  ({ name, means, read, ...(required && { required: true as const }) }) satisfies Key<T>;

const region = key('region', '`us` (default) or `eu`: the region of your account', oneOf(['us', 'eu']));
const webhook = key('webhook', 'location of the secret that holds the webhook address', secret);
const slackToken = key(
  'token',
  'instead of `webhook`: location of a bot token with `chat:write`; changes go into the thread',
  secret,
);
const channel = key(
  'channel',
  'with `token`: channel, like `"#data-alerts"`',
  matching(/^[#@]?[^\s#@]{1,80}$/u, 'a channel like "#data-alerts"'),
);
const routingKey = key('routing_key', 'location of the integration key (Events API v2)', secret, true);
const apiKey = key('api_key', 'location of the key of an API integration', secret, true);
const topic = key('topic', 'ARN of the topic', topicArn, true);
const sender = key('from', 'address that SES may send from', address, true);
const recipients = key('to', 'one address or a list, at most 50', addresses, true);
/** An address without a password; `https` unless it is this machine. */
export const safeAddress = matching(
  /^(https:\/\/[^\s@]+|http:\/\/(localhost|127\.0\.0\.1)(:\d+)?(\/\S*)?)$/,
  'an https address without a password',
);
const url = key('url', 'address that takes the requests; `https` unless it is this machine', safeAddress, true);
const signingSecret = key('secret', 'location of the secret that signs the requests (Standard Webhooks)', secret, true);

/** Keys of each kind of destination, and its short form: the value alone stands for the first key. */
export const destinationKeys = {
  slack: { of: '"slack"', keys: [webhook, slackToken, channel] },
  pagerduty: { of: '"pagerduty"', keys: [routingKey, region] },
  opsgenie: { of: '"opsgenie"', keys: [apiKey, region] },
  teams: { of: '"teams"', keys: [{ ...webhook, required: true as const }] },
  email: { of: '"email"', keys: [topic] },
  sns: { of: '"sns"', keys: [topic] },
  ses: { of: '"ses"', keys: [sender, recipients] },
  webhook: { of: '"webhook"', keys: [url, signingSecret] },
} as const satisfies Readonly<Record<DestinationKind, KeyTable>>;

const kinds = Object.keys(destinationKeys) as DestinationKind[];

/** A kind whose value may be its first key alone: `pagerduty: ssm:/alerts/key`. */
const hasShortForm = (kind: DestinationKind): boolean => !['ses', 'webhook'].includes(kind);

const kindMeanings: Readonly<Record<DestinationKind, string>> = {
  slack: 'a Slack channel',
  pagerduty: 'a PagerDuty service: it opens, acknowledges and resolves one incident there',
  opsgenie: 'an Opsgenie integration: one alert there, acknowledged and closed with the incident',
  teams: 'a Microsoft Teams channel, through a Workflows webhook',
  email: 'an SNS topic to which mailboxes subscribe',
  sns: 'an SNS topic to which programs subscribe: JSON with every fact',
  ses: 'mail through SES',
  webhook: 'a signed HTTP request with every fact as JSON',
};

/** The values of a kind, as a schema for editors: its keys, or where there is a short form the value of the first key. */
const kindAccepts = (kind: DestinationKind) => (of: (table: KeyTable) => JsonObject) => {
  const table: KeyTable = destinationKeys[kind];
  const [first] = table.keys;
  const short = hasShortForm(kind) && first?.read?.accepts ? [first.read.accepts(of, first.name)] : [];
  return { anyOf: [of(table), ...short] };
};

/** Keys of a destination: exactly one of its kinds. */
export const destinationTable: KeyTable = {
  of: 'a destination',
  keys: kinds.map((kind) => ({ name: kind, means: kindMeanings[kind], read: takes(kindAccepts(kind), () => null) })),
  rule: { minProperties: 1, maxProperties: 1 },
};

/** One receiver of alerts: a mapping with exactly one kind. */
export const destination: Reader<Destination> = takes(
  (of) => of(destinationTable),
  (value, reading) => {
    const [entry, second] = value.kind === 'map' ? [...value.entries] : [];
    const kind = kinds.find((one) => one === entry?.[0]);
    if (!entry || second || kind === undefined) {
      const given = second ? 'has more than one key' : entry ? `has no kind ${quote(entry[0])}` : `is ${shown(value)}`;
      reading.say(
        'BAD_VALUE',
        value.range,
        `a destination of alerts ${given}; write one of ${kinds.join(', ')}, each in its own item`,
      );
      return null;
    }
    const table = destinationKeys[kind];
    const written = entry[1].value;
    const isShort = written.kind === 'scalar' && written.value !== null && hasShortForm(kind);
    const tree = isShort ? inFull(written, table) : written;
    const map = readMapping(tree, table, reading);
    requireKeys(tree, table, reading);
    return map && build(kind, { map, reading });
  },
);

function inFull(value: Tree, { keys: [first] }: KeyTable): Mapping {
  const name = first?.name ?? '';
  return { kind: 'map', entries: new Map([[name, { written: name, key: value.range, value }]]), range: value.range };
}

interface Source {
  readonly map: Mapping;
  readonly reading: Parameters<Reader<unknown>>[1];
}

function build(kind: DestinationKind, { map, reading }: Source): Destination | null {
  const of = <T>(one: Key<T>): T | null => take(map, one, reading);
  switch (kind) {
    case 'slack':
      return slackDestination({ map, reading });
    case 'pagerduty': {
      const routing_key = of(routingKey);
      return routing_key && { kind, routing_key, region: of(region) ?? 'us' };
    }
    case 'opsgenie': {
      const api_key = of(apiKey);
      return api_key && { kind, api_key, region: of(region) ?? 'us' };
    }
    case 'teams': {
      const hook = of(webhook);
      return hook && { kind, webhook: hook };
    }
    case 'email':
    case 'sns': {
      const arn = of(topic);
      return arn === null ? null : { kind, topic: arn };
    }
    case 'ses': {
      const [from, to] = [of(sender), of(recipients)];
      return from !== null && to !== null ? { kind, from, to } : null;
    }
    case 'webhook': {
      const [to, signing] = [of(url), of(signingSecret)];
      return to !== null && signing !== null ? { kind, url: to, secret: signing } : null;
    }
  }
}

function slackDestination({ map, reading }: Source): Destination | null {
  const [hook, token, to] = [take(map, webhook, reading), take(map, slackToken, reading), take(map, channel, reading)];
  const has = (name: string): boolean => map.entries.has(name);
  const isWebhook = has('webhook') && !has('token') && !has('channel');
  const isBot = !has('webhook') && has('token') && has('channel');
  if (!isWebhook && !isBot) {
    const message = '"slack" needs either "webhook", or "token" and "channel"; a webhook has its channel already';
    reading.say('BAD_VALUE', map.range, message);
    return null;
  }
  if (isWebhook) return hook && { kind: 'slack', webhook: hook };
  return token && to !== null ? { kind: 'slack', token, channel: to } : null;
}
