/**
 * A signed request in the form of Standard Webhooks (https://www.standardwebhooks.com), for which verifiers exist in many languages. The signature covers id, time and body, so a
 * receiver can refuse a changed, an old or a repeated message.
 */
import { createHmac } from 'node:crypto';
import { PermanentError } from '../../contract/errors.ts';
import type { AlertText } from '../text/alert-text.ts';
import { type HttpMessage, jsonMessage } from './http-message.ts';
import { programForm } from './mail.ts';

export interface WebhookAccess {
  readonly url: string;
  /** `whsec_` and base64, as Standard Webhooks writes secrets; any other text is the key itself, with at least 16 characters. */
  readonly secret: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Returns the request for an alert. Throws PermanentError for a secret that is too short to protect anything. */
export function signedWebhook({ url, secret, now }: WebhookAccess, text: AlertText): HttpMessage {
  const message = jsonMessage(url, programForm(text));
  const timestamp = String(Math.floor(now / 1000));
  const signature = createHmac('sha256', keyOf(secret)).update(`${text.alert.id}.${timestamp}.${message.body}`);
  const signed = {
    'webhook-id': text.alert.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature.digest('base64')}`,
  };
  return { ...message, headers: { ...message.headers, ...signed } };
}

function keyOf(secret: string): Buffer {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret);
  if (key.length >= 16) return key;
  throw new PermanentError(`the webhook's secret has ${key.length} bytes; it has to have at least 16`);
}
