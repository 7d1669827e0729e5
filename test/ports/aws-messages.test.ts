import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PermanentError, PlatformError } from '../../lib/contract/errors.ts';
import { publishToTopic } from '../../lib/ports/aws/messages/publish-to-topic.ts';
import { sendMail } from '../../lib/ports/aws/messages/send-mail.ts';
import { type Reply, startVendor, type VendorServer } from '../alerts/vendors/vendor-server.ts';
import { slowTest } from '../support/sized.ts';

let server: VendorServer | null = null;
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
  server = null;
});

/** A server in place of AWS, and the variables that lead to it. */
async function aws(...replies: readonly Reply[]) {
  server = await startVendor(...replies);
  const env = { AWS_REGION: 'eu-central-1', AWS_ENDPOINT_URL: server.url };
  return { env, received: server.received };
}

const topic = 'arn:aws:sns:us-east-1:123456789012:data';
const xml = { 'content-type': 'text/xml' };
const published =
  '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>';
const denied =
  '<ErrorResponse><Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>not authorized</Message></Error></ErrorResponse>';

describe('SNS', () => {
  test('gets the subject and the message, in the region of the topic', async () => {
    const { env, received } = await aws({ status: 200, headers: xml, body: published });
    await publishToTopic(topic, { subject: 'orders', message: 'é & <b>\nline' }, env);
    const [request] = received;
    const form = new URLSearchParams(request?.body);
    expect(Object.fromEntries(form)).toMatchObject({
      Action: 'Publish',
      TopicArn: topic,
      Subject: 'orders',
      Message: 'é & <b>\nline',
    });
    expect(request?.headers.authorization).toContain('/us-east-1/sns/');
  });

  slowTest('that refuses is a mistake of ours; one that is busy is not', async () => {
    const refusing = await aws({ status: 403, headers: xml, body: denied });
    const error = await publishToTopic(topic, { subject: 's', message: 'm' }, refusing.env).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(PermanentError);
    expect(String(error)).toContain(`SNS did not take the alert for ${topic}: AuthorizationError`);
    await server?.close();
    const throttled = denied.replace('AuthorizationError', 'ThrottledException');
    const busy = await aws({ status: 400, headers: xml, body: throttled });
    const later = await publishToTopic(topic, { subject: 's', message: 'm' }, busy.env).catch((e: unknown) => e);
    expect(later).toBeInstanceOf(PlatformError);
  });
});

describe('SES', () => {
  const mail = { from: 'a@example.com', to: ['b@example.com', 'c@example.com'], subject: 'Grüße', body: 'text\n' };

  test('gets one mail as plain text for all recipients', async () => {
    const { env, received } = await aws({ status: 200, body: '{"MessageId":"1"}' });
    await sendMail(mail, env);
    expect(received[0]?.path).toBe('/v2/email/outbound-emails');
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({
      FromEmailAddress: 'a@example.com',
      Destination: { ToAddresses: ['b@example.com', 'c@example.com'] },
      Content: {
        Simple: {
          Subject: { Data: 'Grüße', Charset: 'UTF-8' },
          Body: { Text: { Data: 'text\n', Charset: 'UTF-8' } },
        },
      },
    });
  });

  test('that has not verified the sender says so', async () => {
    const headers = { 'x-amzn-errortype': 'MessageRejected' };
    const { env } = await aws({ status: 400, headers, body: '{"message":"Email address is not verified."}' });
    const error = await sendMail(mail, env).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(PermanentError);
    expect(String(error)).toContain('MessageRejected (HTTP 400): Email address is not verified.');
  });
});
