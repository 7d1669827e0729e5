import { describe, expect, test } from 'vitest';
import { secretVariable } from '../../lib/alerts/send/alert-ports.ts';
import { explainFailure } from '../../lib/alerts/send/explain-failure.ts';
import { AlertNotTakenError, AlertRefusedError } from '../../lib/alerts/send/send-http.ts';
import { PermanentError } from '../../lib/contract/errors.ts';
import type { Destination } from '../../lib/contract/events/alert-settings.ts';

const at = { service: 'ssm', id: '/alerts/x' } as const;
const slack: Destination = { kind: 'slack', token: at, channel: '#data' };
const hook: Destination = { kind: 'slack', webhook: at };
const pager: Destination = { kind: 'pagerduty', routing_key: at, region: 'us' };
const mail: Destination = { kind: 'ses', from: 'a@example.com', to: ['b@example.com'] };
const refused = (answer: string) => new AlertRefusedError(`name refused the alert: ${answer}`, answer);

describe('a message that was not taken', () => {
  test.each([
    [
      slack,
      refused('not_in_channel'),
      'invite the bot to the channel, and check its name (a private channel needs its id)',
    ],
    [
      slack,
      refused('invalid_auth'),
      'the token is wrong or revoked: store a bot token (xoxb-...) of an installed app in ssm:/alerts/x',
    ],
    [slack, refused('missing_scope'), 'give the app the scope chat:write and install it again'],
    [
      hook,
      refused('404'),
      'the webhook is wrong, switched off or deleted: make a new one and store its address in ssm:/alerts/x',
    ],
    [
      pager,
      refused('400'),
      'store the integration key of an "Events API v2" integration (32 characters) in ssm:/alerts/x, and check "region"',
    ],
  ])('has the likely fix: %j %s', (destination, error, fix) => {
    expect(explainFailure(destination, 'name', error)).toBe(`${error.message}; ${fix}`);
  });

  test.each([
    [
      'the ssm secret /alerts/x cannot be read: ParameterNotFound',
      'create the secret there, in the account and region of the pipeline',
    ],
    [
      'SNS did not take the alert for arn: AuthorizationErrorException (HTTP 403): no',
      "the topic's policy, or that of its KMS key, must let the role publish",
    ],
    [
      'SES did not take the alert from a: MessageRejected (HTTP 400): not verified',
      'verify the sender in SES; in the SES sandbox every recipient too',
    ],
  ])('of AWS too: %s', (message, fix) => {
    expect(explainFailure(mail, 'ses b', new PermanentError(message))).toBe(`ses b: ${message}; ${fix}`);
  });

  test('that may be taken later has no fix, only the reason', () => {
    const error = new AlertNotTakenError('name did not take the alert in 4 tries: HTTP 503');
    expect(explainFailure(slack, 'name', error)).toBe(error.message);
  });
});

test('a secret of alerts has a variable that is made of its location', () => {
  expect(secretVariable({ service: 'ssm', id: '/alerts/slack-bot' })).toBe('DAYBREAK_SECRET_ALERTS_SLACK_BOT');
});
