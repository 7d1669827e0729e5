import { describe, expect, test } from 'vitest';
import { alerts } from '../../../../lib/compiler/template/keys/alerts/read-alerts.ts';
import { readYaml } from '../../../../lib/compiler/template/tree/read-yaml.ts';
import { Reading } from '../../../../lib/compiler/template/tree/reading.ts';
import type { AlertSettings } from '../../../../lib/contract/events/alert-settings.ts';
import type { Diagnostic } from '../../../../lib/diagnostics/diagnostic.ts';
import { SourceFile } from '../../../../lib/diagnostics/source-file.ts';

function read(text: string): { readonly settings: AlertSettings | null; readonly messages: readonly string[] } {
  const found: Diagnostic[] = [];
  const reading = new Reading(new SourceFile('p.yaml', text), (diagnostic) => found.push(diagnostic));
  const tree = readYaml(reading);
  const settings = tree && alerts(tree, reading, 'alerts');
  return { settings, messages: found.map(({ code, span, message }) => `${code} ${span.line}: ${message}`) };
}

const arn = 'arn:aws:sns:eu-central-1:123456789012:alerts';

describe('alerts', () => {
  test('have routes by severity, business hours and a time until escalation', () => {
    const { settings, messages } = read(`
critical:
  - pagerduty: ssm:/alerts/pagerduty
  - slack: { token: "secretsmanager:slack/bot", channel: "#data" }
high: { opsgenie: { api_key: ssm:/alerts/opsgenie, region: eu } }
medium: [{ email: ${arn} }, { ses: { from: data@example.com, to: team@example.com } }]
low: [{ webhook: { url: "https://example.com/hook", secret: ssm:/alerts/hook } }]
stakeholders: { teams: ssm:/alerts/board }
business_hours: { days: [mon-thu, sat], from: "08:30", to: "24:00", timezone: Europe/Berlin, holidays: [2026-12-25] }
escalate_after: 15m
`);
    expect(messages).toEqual([]);
    const ssm = (id: string) => ({ service: 'ssm', id: `/alerts/${id}` });
    expect(settings).toEqual({
      routes: {
        critical: [
          { kind: 'pagerduty', routing_key: ssm('pagerduty'), region: 'us' },
          { kind: 'slack', token: { service: 'secretsmanager', id: 'slack/bot' }, channel: '#data' },
        ],
        high: [{ kind: 'opsgenie', api_key: ssm('opsgenie'), region: 'eu' }],
        medium: [
          { kind: 'email', topic: arn },
          { kind: 'ses', from: 'data@example.com', to: ['team@example.com'] },
        ],
        low: [{ kind: 'webhook', url: 'https://example.com/hook', secret: ssm('hook') }],
      },
      stakeholders: [{ kind: 'teams', webhook: ssm('board') }],
      business_hours: {
        days: [1, 2, 3, 4, 6],
        from: 510,
        to: 1440,
        timezone: 'Europe/Berlin',
        holidays: ['2026-12-25'],
      },
      escalate_after_ms: 900_000,
    });
  });

  test('have office hours in UTC and no escalation by default', () => {
    const { settings } = read('critical: [{ teams: ssm:/t }]');
    expect(settings).toMatchObject({
      business_hours: { days: [1, 2, 3, 4, 5], from: 540, to: 1020, timezone: 'UTC', holidays: [] },
      escalate_after_ms: null,
    });
  });

  test.each([
    [
      'critical: [{ pager: ssm:/x }]',
      'BAD_VALUE 1: a destination of alerts has no kind "pager"; write one of slack, pagerduty, opsgenie, teams, email, sns, ses, webhook, each in its own item',
    ],
    [
      'critical: [{ slack: { channel: "#x" } }]',
      'BAD_VALUE 1: "slack" needs either "webhook", or "token" and "channel"; a webhook has its channel already',
    ],
    [
      'critical: [{ slack: "https://hooks.slack.com/services/T0/B0/abc" }]',
      'BAD_SECRET 1: "webhook" holds the secret itself; write its location: secretsmanager:<name or ARN> or ssm:/<path>',
    ],
    [
      'critical: [{ pagerduty: 0123456789abcdef0123456789abcdef }]',
      'BAD_SECRET 1: "routing_key" holds the secret itself; write its location: secretsmanager:<name or ARN> or ssm:/<path>',
    ],
    [
      'critical: [{ webhook: { url: "http://example.com", secret: ssm:/x } }]',
      'BAD_VALUE 1: "url" is "http://example.com"; write an https address without a password',
    ],
    [
      'critical: [{ sns: alerts }]',
      'BAD_VALUE 1: "topic" is "alerts"; write the ARN of an SNS topic, like arn:aws:sns:eu-central-1:123456789012:alerts',
    ],
    [
      'critical: ssm:/x',
      'BAD_TYPE 1: "critical" is a list of 1 to 10 destinations like { slack: ssm:/alerts/slack }, but this is the text "ssm:/x"',
    ],
    ['business_hours: { from: "9", timezone: UTC }', 'BAD_VALUE 1: "from" is "9"; write a time of day like "09:00"'],
    [
      'business_hours: { from: "09:00", to: "09:00", timezone: UTC }',
      'BAD_VALUE 1: "from" and "to" are the same time; for the whole day write "00:00" and "24:00"',
    ],
    [
      'business_hours: { days: [mo], timezone: UTC }',
      'BAD_VALUE 1: "days" has "mo"; write days like mon, tue or mon-fri',
    ],
    [
      'business_hours: { holidays: [2026-02-30], timezone: UTC }',
      'BAD_VALUE 1: "holidays" has "2026-02-30"; write dates like 2026-12-25',
    ],
    ['business_hours: { timezone: CET }', 'UNKNOWN_TIMEZONE 1: "CET" is not a time zone; write Europe/Berlin'],
    [
      'business_hours: { from: "09:00" }',
      'MISSING_KEY 1: "business_hours" needs the key "timezone": IANA name of the zone',
    ],
  ])('%s is a mistake', (text, message) => {
    expect(read(text).messages).toContain(message);
  });
});
