import { Match, Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { resourcesOf } from '../../lib/compiler/checks/check-functions.ts';
import type { AlertSettings } from '../../lib/contract/events/alert-settings.ts';
import { stepTemplate } from '../support/templates.ts';
import { appOf, pipelineOf } from './fixture.ts';
import { resources, type Statement } from './read-template.ts';
import { analytics } from './synthesized.ts';

const topic = 'arn:aws:sns:eu-central-1:123456789012:data';
const alerts: AlertSettings = {
  routes: {
    critical: [{ kind: 'pagerduty', routing_key: { service: 'secretsmanager', id: 'alerts/pager' }, region: 'us' }],
    high: [{ kind: 'slack', token: { service: 'ssm', id: '/alerts/slack' }, channel: '#data' }],
    medium: [
      { kind: 'email', topic },
      { kind: 'ses', from: 'data@example.com', to: ['team@example.com'] },
    ],
  },
  stakeholders: [{ kind: 'slack', token: { service: 'ssm', id: '/alerts/slack' }, channel: '#executive-alerts' }],
  business_hours: { days: [1], from: 540, to: 1020, timezone: 'UTC', holidays: [] },
  escalate_after_ms: null,
};
const compiled = pipelineOf([stepTemplate('only', [])], { name: 'orders', alerts });
// cdk-nag checks the app while it is synthesized.
const stack = Template.fromJSON(appOf([compiled]).synth().getStackByName('daybreak-orders').template);

const statements = (): Statement[] => {
  type Policies = readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
  const [role] = resources(stack, 'AWS::IAM::Role').filter(([id]) => id.includes('AlertsIdentity'));
  return ((role?.[1].Properties.Policies ?? []) as Policies).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
};

test('the function that tells people hears each change of an incident of its pipeline, and looks every five minutes', () => {
  stack.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['daybreak'],
      'detail-type': ['incident.opened', 'incident.updated', 'incident.resolved'],
      detail: { pipeline: ['orders'] },
    },
    Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('Alerts'), 'Arn'] } })],
  });
  stack.hasResourceProperties('AWS::Events::Rule', {
    ScheduleExpression: 'rate(5 minutes)',
    Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('Alerts'), 'Arn'] } })],
  });
});

test('it may read the named secrets and records, write its three objects, publish to the named topic and send from the named address', () => {
  const of = (action: string) => statements().filter((one) => [one.Action].flat().includes(action));
  const text = (action: string) => JSON.stringify(of(action));
  expect(text('secretsmanager:GetSecretValue')).toContain(':secret:alerts/pager-??????');
  expect(text('ssm:GetParameter')).toContain(':parameter/alerts/slack');
  expect(of('ssm:GetParameter').flatMap(({ Resource }) => Resource)).toHaveLength(1);
  expect(of('sns:Publish').map(({ Resource }) => Resource)).toEqual([topic]);
  expect(of('ses:SendEmail').map(({ Condition }) => Condition)).toEqual([
    { StringEquals: { 'ses:FromAddress': 'data@example.com' } },
  ]);
  expect(text('ses:SendEmail')).toMatch(/identity\/data@example\.com.*identity\/example\.com/);
  expect(text('s3:PutObject')).toContain('/orders/alerts/state.json');
  expect(text('s3:PutObject')).toContain('/shared/causes.json');
  expect(text('s3:PutObject')).toContain('/shared/digests.json');
  expect(of('s3:PutObject').flatMap(({ Resource }) => [Resource].flat())).toHaveLength(3);
  const actions = statements().flatMap(({ Action }) => [Action].flat());
  expect(actions.filter((action) => /^(states|sqs|events|lambda):/.test(action))).toEqual([]);
});

test('an alarm fires if a destination does not take messages', () => {
  stack.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'daybreak-orders-alerts-not-delivered',
    Namespace: 'AWS/Lambda',
    MetricName: 'Errors',
    Threshold: 3,
  });
});

test('alerts tell of failed runs, so no alarm tells of them again', () => {
  const alarms = resources(stack, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties.AlarmName);
  expect(alarms.sort()).toEqual(
    ['alerts-not-delivered', 'dead-letter-is-old', 'incidents-not-kept', 'needs-attention'].map(
      (id) => `daybreak-orders-${id}`,
    ),
  );
});

test('no secret and no setting stands in the template or in the machine', () => {
  const { Resources } = stack.toJSON() as { Resources: Record<string, { Type: string }> };
  const others = Object.values(Resources).filter(({ Type }) => Type !== 'AWS::IAM::Role');
  expect(JSON.stringify(others)).not.toMatch(/executive-alerts|team@example\.com|routing_key/);
  expect(JSON.stringify(compiled.machine.definition)).not.toMatch(/executive-alerts|alerts\/slack/);
});

test('a pipeline without alerts has none of it', () => {
  const names = Object.keys(analytics.toJSON().Resources as object).join(' ');
  expect(names).not.toMatch(/FunctionsAlerts|AlertsRule|AlertsSweep|alertsnotdelivered/i);
});

test('check counts the resources of the stack as they are', () => {
  const counted = Object.keys(stack.toJSON().Resources as object).length;
  expect(Math.abs(resourcesOf(compiled.plan, compiled.machine) - counted)).toBeLessThanOrEqual(3);
});
