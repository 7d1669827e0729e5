import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Alert } from '../../../lib/alerts/alert.ts';
import { digestText } from '../../../lib/alerts/delivery/digest-text.ts';
import { sendHttp } from '../../../lib/alerts/send/send-http.ts';
import { type AlertText, alertText } from '../../../lib/alerts/text/alert-text.ts';
import type { HttpMessage } from '../../../lib/alerts/vendors/http-message.ts';
import { sesMail, topicMail, topicMessage } from '../../../lib/alerts/vendors/mail.ts';
import { opsgenieMessage } from '../../../lib/alerts/vendors/opsgenie.ts';
import { pagerdutyMessage } from '../../../lib/alerts/vendors/pagerduty.ts';
import { signedWebhook } from '../../../lib/alerts/vendors/signed-webhook.ts';
import { slackPostMessage, slackWebhookMessage } from '../../../lib/alerts/vendors/slack.ts';
import { teamsMessage } from '../../../lib/alerts/vendors/teams.ts';
import { hostile, hostileTexts, ordinary } from './hostile-texts.ts';
import {
  opsgenieChangeSchema,
  opsgenieSchema,
  pagerdutySchema,
  slackPostSchema,
  slackWebhookSchema,
  teamsSchema,
} from './vendor-schemas.ts';
import { type Received, startVendor } from './vendor-server.ts';

const routingKey = '0123456789abcdef0123456789abcdef';
const secret = 'whsec_c2l4dGVlbiBieXRlcyBvciBtb3Jl';

interface Vendor {
  readonly message: (api: string, text: AlertText) => HttpMessage;
  /** Throws for a request that the vendor would refuse. */
  readonly accept: (request: Received) => void;
}

const json = ({ headers, body }: Received): unknown => {
  expect(headers['content-type']).toMatch(/^application\/json/);
  return JSON.parse(body);
};

const vendors: Readonly<Record<string, Vendor>> = {
  'a Slack webhook': {
    message: (api, text) => slackWebhookMessage(`${api}/services/T0/B0/x`, text),
    accept: (request) => slackWebhookSchema.parse(json(request)),
  },
  'chat.postMessage of Slack': {
    message: (api, text) => slackPostMessage({ token: 'xoxb-1', channel: '#data', thread: '171.2', api }, text),
    accept: (request) => {
      expect(request.path).toBe('/chat.postMessage');
      expect(request.headers.authorization).toBe('Bearer xoxb-1');
      slackPostSchema.parse(json(request));
    },
  },
  PagerDuty: {
    message: (api, text) => pagerdutyMessage({ routingKey, region: 'us', api }, text),
    accept: (request) => {
      expect(request.path).toBe('/v2/enqueue');
      expect(Buffer.byteLength(request.body)).toBeLessThanOrEqual(512 * 1024);
      pagerdutySchema.parse(json(request));
    },
  },
  Opsgenie: {
    message: (api, text) => opsgenieMessage({ apiKey: 'k', region: 'us', api }, text),
    accept: (request) => {
      expect(request.headers.authorization).toBe('GenieKey k');
      const changes = /^\/v2\/alerts\/orders-7\/(acknowledge|close|notes)\?identifierType=alias$/;
      if (request.path === '/v2/alerts') opsgenieSchema.parse(json(request));
      else {
        expect(request.path).toMatch(changes);
        opsgenieChangeSchema.parse(json(request));
      }
    },
  },
  'a Teams workflow': {
    message: (api, text) => teamsMessage(`${api}/workflows/1/triggers/manual`, text),
    accept: (request) => {
      // Teams publishes 28 KB; users report refusals from 21,000 bytes on.
      expect(Buffer.byteLength(request.body)).toBeLessThan(21_000);
      teamsSchema.parse(json(request));
    },
  },
  'a signed webhook': {
    message: (api, text) => signedWebhook({ url: `${api}/hook`, secret, now: 1_764_000_000_000 }, text),
    accept: (request) => {
      const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature } = request.headers;
      const key = Buffer.from(secret.slice(6), 'base64');
      const expected = createHmac('sha256', key).update(`${id}.${time}.${request.body}`).digest('base64');
      expect(signature).toBe(`v1,${expected}`);
      expect(time).toBe('1764000000');
      expect(json(request)).toMatchObject({ version: 1, id: 'incident/orders-7/3', incident: 'orders-7' });
      expect(request.body.isWellFormed()).toBe(true);
      expect(Buffer.byteLength(request.body)).toBeLessThanOrEqual(64 * 1024);
    },
  },
};

const kinds: readonly Alert['kind'][] = ['opened', 'updated', 'escalated', 'acknowledged', 'resolved', 'late'];
const pause = () => Promise.resolve();
const late = { ready_by: ordinary.at, missed: false, late_seconds: 1_500, held_up_by: 'extract_orders' };

/** Made once, since cutting ten kilobytes between characters takes time. */
const hostileAlerts = Object.values(hostileTexts).flatMap((text) => [
  alertText(hostile(text)),
  alertText(hostile(text, 'resolved')),
  alertText({ ...hostile(text, 'late'), audience: 'stakeholders' }),
  digestText([hostile(text), ...Array.from({ length: 21 }, () => hostile(text))]),
]);

describe.each(Object.entries(vendors))('%s', (receiver, { message, accept }) => {
  const send = async (texts: readonly AlertText[]): Promise<readonly Received[]> => {
    const server = await startVendor({ status: 200 });
    try {
      for (const text of texts) await sendHttp(message(server.url, text), { receiver, pause });
      return server.received;
    } finally {
      await server.close();
    }
  };

  test('accepts every kind of alert', async () => {
    const team = kinds.map((kind) => alertText({ ...ordinary, kind }));
    const outside = kinds.map((kind) => alertText({ ...ordinary, kind, audience: 'stakeholders', late }));
    const received = await send([...team, ...outside]);
    expect(received.length).toBe(12);
    for (const request of received) accept(request);
  });

  test('accepts hostile texts, whole and without effect', async () => {
    const received = await send(hostileAlerts);
    expect(received.length).toBe(4 * Object.keys(hostileTexts).length);
    for (const request of received) accept(request);
  });
});

describe('an SNS topic', () => {
  test('gets an ASCII subject of at most 100 characters, and a message of at most 256 KiB', () => {
    for (const text of Object.values(hostileTexts)) {
      const alert = hostile(text);
      for (const { subject, message } of [topicMail(alertText(alert)), topicMessage(alertText(alert))]) {
        expect(subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,99}$/);
        expect(Buffer.byteLength(message)).toBeLessThanOrEqual(262_144);
      }
    }
  });
});

describe('a mail', () => {
  test('has one line as its subject and says what failed, what it blocks and how to continue', () => {
    const { subject, body } = sesMail({ from: 'a@example.com', to: ['b@example.com'] }, alertText(ordinary));
    expect(subject).toBe('[critical] orders: extract_orders failed with RetryableError');
    expect(body).toBe(`Failed:        extract_orders (RetryableError)
Since:         2026-11-30 01:20 UTC
Tried:         3 times
Blocks:        transform_orders, update_dashboard
Still arrives: extract_products
Run:           orders-2026-11-30

Continue with:
  npx daybreak resume orders orders-2026-11-30

the CRM answers 503

Execution: https://console.aws.amazon.com/states/home?region=eu-central-1#/x
`);
    for (const text of Object.values(hostileTexts)) {
      expect(sesMail({ from: 'a', to: [] }, alertText(hostile(text))).subject).toMatch(/^[^\r\n]{1,200}$/);
    }
  });
});

test('PagerDuty and Opsgenie join the changes of one incident by its key, also a long one', () => {
  const keyOf = (kind: Alert['kind'], incident: string): string => {
    const alert = { ...ordinary, kind, incident };
    return JSON.parse(pagerdutyMessage({ routingKey, region: 'eu' }, alertText(alert)).body).dedup_key;
  };
  expect(kinds.map((kind) => keyOf(kind, 'orders-7'))).toEqual(kinds.map(() => 'orders-7'));
  const long = 'é'.repeat(400);
  expect(keyOf('resolved', long)).toBe(keyOf('opened', long));
  expect(keyOf('opened', `${long}2`)).not.toBe(keyOf('opened', long));
});
