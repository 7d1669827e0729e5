import { PermanentError } from '../../contract/errors.ts';
import type { Destination, SecretLocation } from '../../contract/events/alert-settings.ts';
import type { AlertText } from '../text/alert-text.ts';
import type { HttpMessage } from '../vendors/http-message.ts';
import { type Mail, type SnsMessage, sesMail, topicMail, topicMessage } from '../vendors/mail.ts';
import { opsgenieMessage } from '../vendors/opsgenie.ts';
import { pagerdutyMessage } from '../vendors/pagerduty.ts';
import { signedWebhook } from '../vendors/signed-webhook.ts';
import { slackPostMessage, slackWebhookMessage } from '../vendors/slack.ts';
import { teamsMessage } from '../vendors/teams.ts';
import { type Complaint, type SendOptions, sendHttp } from './send-http.ts';

/** The outside world of a sender. */
export interface AlertPorts {
  secret(location: SecretLocation): Promise<string>;
  publish(topic: string, message: SnsMessage): Promise<void>;
  mail(mail: Mail): Promise<void>;
  pause(milliseconds: number): Promise<void>;
  now(): number;
  readonly fetch?: typeof fetch;
  /** Milliseconds until a try counts as failed; ten seconds by default. */
  readonly timeOutMs?: number;
  /** Addresses of vendors in place of the real ones, for tests. */
  readonly api?: Partial<Record<Destination['kind'], string>>;
}

export interface Sending {
  readonly text: AlertText;
  /** Name of the destination for errors. */
  readonly name: string;
  /** Handle of the incident's first message there, if any. */
  readonly thread: string | null;
}

/**
 * Sends an alert to one destination and returns the handle that later changes need, if the destination has one. Throws AlertRefusedError if the destination
 * refuses it for good, and AlertNotTakenError or the error of the AWS client if a later try may succeed.
 */
export async function sendAlert(destination: Destination, sending: Sending, ports: AlertPorts): Promise<string | null> {
  const { text } = sending;
  switch (destination.kind) {
    case 'email':
      await ports.publish(destination.topic, topicMail(text));
      return null;
    case 'sns':
      await ports.publish(destination.topic, topicMessage(text));
      return null;
    case 'ses':
      await ports.mail(sesMail(destination, text));
      return null;
    default: {
      const message = await messageFor(destination, sending, ports);
      const isPost = destination.kind === 'slack' && 'channel' in destination;
      const options: SendOptions = {
        receiver: sending.name,
        pause: ports.pause,
        ...(ports.fetch && { fetch: ports.fetch }),
        ...(ports.timeOutMs !== undefined && { timeOutMs: ports.timeOutMs }),
        ...(isPost && { complaint: slackComplaint }),
      };
      const answer = await sendHttp(message, options);
      return isPost ? (sending.thread ?? slackTimestamp(answer)) : null;
    }
  }
}

type OverHttp = Exclude<Destination, { kind: 'email' | 'sns' | 'ses' }>;

async function messageFor(to: OverHttp, { text, thread }: Sending, ports: AlertPorts): Promise<HttpMessage> {
  const api = ports.api?.[to.kind];
  const address = api === undefined ? {} : { api };
  switch (to.kind) {
    case 'slack': {
      if ('webhook' in to) return slackWebhookMessage(await webAddress(to.webhook, ports), text);
      return slackPostMessage({ token: await ports.secret(to.token), channel: to.channel, thread, ...address }, text);
    }
    case 'pagerduty':
      return pagerdutyMessage({ routingKey: await ports.secret(to.routing_key), region: to.region, ...address }, text);
    case 'opsgenie':
      return opsgenieMessage({ apiKey: await ports.secret(to.api_key), region: to.region, ...address }, text);
    case 'teams':
      return teamsMessage(await webAddress(to.webhook, ports), text);
    case 'webhook':
      return signedWebhook({ url: to.url, secret: await ports.secret(to.secret), now: ports.now() }, text);
  }
}

/** The address that a secret holds. A secret of another kind must not reach an error message. */
async function webAddress(location: SecretLocation, ports: AlertPorts): Promise<string> {
  const value = (await ports.secret(location)).trim();
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value;
  throw new PermanentError(`the ${location.service} secret ${location.id} does not hold a web address`);
}

interface SlackAnswer {
  readonly ok?: boolean;
  readonly error?: string;
  readonly ts?: string;
}

function slackAnswer(body: string): SlackAnswer {
  try {
    return JSON.parse(body) as SlackAnswer;
  } catch {
    return { ok: false, error: 'the answer is not JSON' };
  }
}

/** Slack answers 200 to requests that it refuses, with the reason in the body. */
const slackComplaint = (body: string): Complaint | null => {
  const { ok, error = 'no reason given' } = slackAnswer(body);
  return ok === true ? null : { reason: error, transient: slackFaults.has(error) };
};

/** Slack's codes for its own faults: https://docs.slack.dev/reference/methods/chat.postMessage */
const slackFaults = new Set([
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'accesslimited',
]);

const slackTimestamp = (body: string): string | null => slackAnswer(body).ts ?? null;
