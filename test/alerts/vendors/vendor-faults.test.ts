import { describe, expect, test } from 'vitest';
import { sendAlert } from '../../../lib/alerts/send/send-alert.ts';
import { alertText } from '../../../lib/alerts/text/alert-text.ts';
import type { Destination } from '../../../lib/contract/events/alert-settings.ts';
import { sampled } from '../../support/sized.ts';
import { hostile, hostileTexts } from './hostile-texts.ts';
import { type Reply, startVendor } from './vendor-server.ts';

const at = { service: 'ssm', id: '/alerts/x' } as const;
/** Every destination over HTTP, and the answer of one that takes a message. */
const destinations: readonly (readonly [name: string, destination: (url: string) => Destination, taken: Reply])[] = [
  ['a Slack webhook', () => ({ kind: 'slack', webhook: at }), { status: 200, body: 'ok' }],
  [
    'chat.postMessage of Slack',
    () => ({ kind: 'slack', token: at, channel: '#data' }),
    { status: 200, body: '{"ok":true,"ts":"171.5"}' },
  ],
  ['PagerDuty', () => ({ kind: 'pagerduty', routing_key: at, region: 'us' }), { status: 202 }],
  ['Opsgenie', () => ({ kind: 'opsgenie', api_key: at, region: 'eu' }), { status: 202 }],
  ['a Teams workflow', () => ({ kind: 'teams', webhook: at }), { status: 202 }],
  ['a webhook', (url) => ({ kind: 'webhook', url: `${url}/hook`, secret: at }), { status: 204 }],
];

const isAddress = (destination: Destination): boolean => 'webhook' in destination;
const text = alertText(hostile(hostileTexts['mentions of Slack'] ?? ''));

/** Sends one alert against these replies; returns the handle or the error, the pauses, and what arrived. */
async function send(of: (url: string) => Destination, replies: readonly Reply[]) {
  const server = await startVendor(...replies);
  const destination = of(server.url);
  const pauses: number[] = [];
  const ports = {
    secret: async () => (isAddress(destination) ? `${server.url}/secret-path` : 'secret-key-of-32-characters-0000'),
    publish: async () => {},
    mail: async () => {},
    pause: async (milliseconds: number) => void pauses.push(milliseconds),
    now: () => 1_764_000_000_000,
    api: { slack: server.url, pagerduty: server.url, opsgenie: server.url },
    timeOutMs: 150,
  };
  try {
    const result = await sendAlert(destination, { text, name: 'the destination', thread: null }, ports).catch(
      (error: unknown) => error as Error,
    );
    return { result, pauses, bodies: server.received.map(({ body }) => body) };
  } finally {
    await server.close();
  }
}

const busy: Reply = { status: 429, headers: { 'retry-after': '3' } };

describe.each(sampled(destinations, 3))('%s', (_, destination, taken) => {
  test('gets the same message again after 429, 500 and a reset, with the rest that it asks for', async () => {
    const { result, pauses, bodies } = await send(destination, [busy, { status: 500 }, 'reset', taken]);
    expect(result).not.toBeInstanceOf(Error);
    expect(pauses).toEqual([3_000, 1_500, 4_500]);
    expect(bodies).toHaveLength(4);
    expect(new Set(bodies).size).toBe(1);
  });

  test('gets it again after silence, and later if it stays silent', async () => {
    expect((await send(destination, ['silence', taken])).result).not.toBeInstanceOf(Error);
    const { result, bodies } = await send(destination, ['silence']);
    expect(String(result)).toMatch(/^AlertNotTaken: .*in 4 tries: no answer within 0.15 s/);
    expect(bodies).toHaveLength(4);
  });

  test('that refuses is asked once, and the error shows neither the address nor the key', async () => {
    const { result, bodies } = await send(destination, [{ status: 403, body: 'forbidden' }]);
    expect(String(result)).toBe('AlertRefused: the destination refused the alert: HTTP 403 (forbidden)');
    expect(bodies).toHaveLength(1);
    expect(JSON.stringify(result, Object.getOwnPropertyNames(result))).not.toMatch(
      /secret-path|secret-key|127\.0\.0\.1/,
    );
  });
});

test('Slack says 200 to what it refuses: its own faults are tried again, ours are not', async () => {
  const [, [, slack = () => ({ kind: 'slack', webhook: at }) as Destination] = []] = destinations;
  const says = (error: string): Reply => ({ status: 200, body: JSON.stringify({ ok: false, error }) });
  const passed = await send(slack, [says('internal_error'), { status: 200, body: '{"ok":true,"ts":"171.5"}' }]);
  expect(passed.result).toBe('171.5');
  const refused = await send(slack, [says('not_in_channel')]);
  expect(String(refused.result)).toBe('AlertRefused: the destination refused the alert: not_in_channel');
  expect(refused.bodies).toHaveLength(1);
});
