/** Failures of messages in words: the destination, the answer, and the likely fix. */
import type { Destination, DestinationKind } from '../../contract/events/alert-settings.ts';
import { secretsOf } from '../../contract/events/alert-settings.ts';
import { AlertRefusedError } from './send-http.ts';

/** One likely fix: of which kinds, for which answer (an HTTP status or a vendor's code), and what to do. */
interface FixRow {
  readonly of: readonly DestinationKind[];
  readonly answer: RegExp;
  readonly fix: string;
}

/** The first row that fits counts. Slack's codes: https://docs.slack.dev/reference/methods/chat.postMessage and https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
const fixes: readonly FixRow[] = [
  {
    of: ['slack'],
    answer: /^(not_in_channel|channel_not_found)$/,
    fix: 'invite the bot to the channel, and check its name (a private channel needs its id)',
  },
  {
    of: ['slack'],
    answer: /^(invalid_auth|not_authed|account_inactive|token_revoked|token_expired)$/,
    fix: 'the token is wrong or revoked: store a bot token (xoxb-...) of an installed app in %secret%',
  },
  { of: ['slack'], answer: /^missing_scope$/, fix: 'give the app the scope chat:write and install it again' },
  { of: ['slack'], answer: /^is_archived$/, fix: 'the channel is archived: name another one' },
  {
    of: ['slack', 'teams'],
    answer: /^(400|401|403|404|410)$/,
    fix: 'the webhook is wrong, switched off or deleted: make a new one and store its address in %secret%',
  },
  {
    of: ['pagerduty'],
    answer: /^(400|401|403)$/,
    fix: 'store the integration key of an "Events API v2" integration (32 characters) in %secret%, and check "region"',
  },
  {
    of: ['opsgenie'],
    answer: /^(401|403|422)$/,
    fix: 'store the key of an API integration that may create alerts in %secret%, and check "region"',
  },
  {
    of: ['webhook'],
    answer: /^(401|403)$/,
    fix: 'the receiver does not accept the signature: it needs the same secret as %secret%',
  },
  { of: ['webhook'], answer: /^(3\d\d|404|405|410)$/, fix: 'check "url": nothing takes a POST request there' },
];

/** Fixes for errors of AWS, by a part of their text. */
const awsFixes: readonly (readonly [text: RegExp, fix: string])[] = [
  [
    /(ResourceNotFound|ParameterNotFound|ParameterVersionNotFound)/,
    'create the secret there, in the account and region of the pipeline',
  ],
  [
    /cannot be read: (AccessDenied|.*Decryption|InvalidKeyId)/,
    'give the role the right to read it; with a KMS key of your own its policy must allow the role to decrypt',
  ],
  [/does not hold a web address/, 'store the whole address of the webhook, beginning with https://'],
  [/SNS .*(AuthorizationError|AccessDenied)/, "the topic's policy, or that of its KMS key, must let the role publish"],
  [/SNS .*NotFound/, 'check the ARN of the topic'],
  [
    /SES .*(MessageRejected|MailFromDomainNotVerified|NotFound)/,
    'verify the sender in SES; in the SES sandbox every recipient too',
  ],
  [
    /CredentialsProviderError|Could not load credentials|AWS_REGION is not set/,
    'this machine has no access to AWS: set AWS_PROFILE and AWS_REGION',
  ],
];

/** Returns one line about a message that was not taken. It holds no secret: errors of senders name destinations and locations, and never addresses of webhooks. */
export function explainFailure(destination: Destination, name: string, error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  const text = said.startsWith(name) ? said : `${name}: ${said}`;
  const fix = likelyFix(destination, error, said);
  return fix === null ? text : `${text}; ${fix}`;
}

function likelyFix(destination: Destination, error: unknown, text: string): string | null {
  const answer = error instanceof AlertRefusedError ? error.answer : null;
  const row =
    answer === null ? undefined : fixes.find((one) => one.of.includes(destination.kind) && one.answer.test(answer));
  const [secret] = secretsOf(destination);
  if (row) return row.fix.replace('%secret%', secret ? `${secret.service}:${secret.id}` : 'its secret');
  return awsFixes.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
