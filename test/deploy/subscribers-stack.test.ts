import { describe, expect, test } from 'vitest';
import type { Subscription } from '../../lib/deploy/compile/compiled-subscriber.ts';
import { heardEvents } from '../../lib/deploy/subscribers/heard-events.ts';
import { slowTest } from '../support/sized.ts';
import { stepTemplate } from '../support/templates.ts';
import { appOf, customerAnalytics, pipelineOf } from './fixture.ts';
import { type Resource, resources, type Statement } from './read-template.ts';
import { assembly, subscribers } from './synthesized.ts';

const of = (type: string, name: string): Resource => {
  const found = resources(subscribers, type).filter(([id]) => id.startsWith(`Subscriber${name}`));
  expect(found.length, `${type} of ${name}`).toBe(1);
  return (found[0] as [string, Resource])[1];
};
const statements = (name: string): Statement[] => {
  const [policy] = of('AWS::IAM::Role', name).Properties.Policies as { PolicyDocument: { Statement: Statement[] } }[];
  return policy?.PolicyDocument.Statement ?? [];
};
const allowed = (name: string): string[] => statements(name).flatMap(({ Action }) => Action);

describe('a subscriber in the stacks', () => {
  test('hears its events of its pipelines alone; beginnings are prefixes, and task is run', () => {
    expect(of('AWS::Events::Rule', 'monitor').Properties).toMatchObject({
      EventBusName: { 'Fn::ImportValue': expect.stringContaining('daybreak-staging--shared') },
      EventPattern: {
        source: ['daybreak'],
        'detail-type': ['step.failed', { prefix: 'data.' }, 'run.completed', { prefix: 'run.' }],
        detail: { pipeline: ['customer_analytics', 'copies'] },
      },
    });
    expect(of('AWS::Events::Rule', 'archive').Properties.EventPattern).toEqual({ source: ['daybreak'] });
  });

  test('may keep its own marks, read its own secrets, and keep what it could not handle', () => {
    const text = JSON.stringify(statements('monitor'));
    expect(allowed('monitor').sort()).toEqual(
      [
        's3:GetObject',
        's3:PutObject',
        's3:AbortMultipartUpload',
        's3:ListBucket',
        'secretsmanager:GetSecretValue',
        'ssm:GetParameter',
        'sqs:SendMessage',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        'xray:PutTraceSegments',
        'xray:PutTelemetryRecords',
      ].sort(),
    );
    // The CDK makes one statement of equal resources.
    expect(text.match(/\/subscribers\/[^"]*/g)).toEqual(['/subscribers/monitor/*']);
    expect(text).toContain('"StringLikeIfExists":{"s3:prefix":["subscribers/monitor/*"]}');
    expect(text).not.toMatch(/runs|leases|sources|customer_analytics/);
    expect(text).toContain(':secret:daybreak/pager-??????');
    expect(text).toContain(':parameter/daybreak/token');
  });

  test('that takes every copy has no right to the store', () => {
    expect(allowed('archive').filter((action) => /^(s3|secretsmanager|ssm|kms):/.test(action))).toEqual([]);
  });

  test('is tried three times; then the event waits in its own encrypted queue, and so does one that could not be delivered', () => {
    const [queueId] =
      resources(subscribers, 'AWS::SQS::Queue').find(([id]) => id.startsWith('Subscribermonitor')) ?? [];
    const arn = { 'Fn::GetAtt': [queueId, 'Arn'] };
    expect(resources(subscribers, 'AWS::SQS::Queue').length).toBe(2);
    expect(of('AWS::SQS::Queue', 'monitor')).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: { SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 86_400 },
    });
    expect(of('AWS::Lambda::EventInvokeConfig', 'monitor').Properties).toMatchObject({
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: arn } },
    });
    expect(of('AWS::Events::Rule', 'monitor').Properties.Targets).toMatchObject([
      { DeadLetterConfig: { Arn: arn }, RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 } },
    ]);
  });

  test('has one alarm, on its queue, which goes to the topic of its severity', () => {
    const { Properties } = of('AWS::CloudWatch::Alarm', 'monitor');
    expect(Properties).toMatchObject({
      AlarmName: 'daybreak-staging--subscribers-monitor-events-not-handled',
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
    expect(JSON.stringify(Properties.Dimensions)).toContain('SubscribermonitorUnhandledEvents');
    expect(JSON.stringify(Properties.AlarmActions)).toContain('AlarmsHigh');
  });

  test('knows the store and its name, has the limits of offline runs, and the layer with the runtime alone', () => {
    const { Properties } = of('AWS::Lambda::Function', 'monitor');
    expect(Properties).toMatchObject({ Handler: 'index.handler', Timeout: 60, MemorySize: 512 });
    expect(Properties.Layers).toHaveLength(1);
    expect(Properties.Environment).toMatchObject({ Variables: { DAYBREAK_SUBSCRIBER: 'monitor' } });
  });
});

test('the marks of subscribers expire with the runs', () => {
  const shared = assembly.getStackByName('daybreak-staging--shared').template;
  expect(JSON.stringify(shared)).toContain(
    '{"ExpirationInDays":180,"Id":"expire-marks-of-subscribers","Prefix":"subscribers/","Status":"Enabled"}',
  );
});

test('a project without subscribers has no stack for them', () => {
  const names = appOf([customerAnalytics()])
    .synth()
    .stacks.map(({ stackName }) => stackName);
  expect(names.sort()).toEqual(['daybreak-customer-analytics', 'daybreak-shared']);
});

/** The stacks of a project with two pipelines and these subscribers, of which some pipelines are deployed. */
const stacksOf = (
  chosen: readonly ReturnType<typeof pipelineOf>[],
  watched: Readonly<Record<string, Subscription>>,
) => {
  const app = appOf(chosen, { names: ['customer_analytics', 'copies'], subscribers: watched });
  return new Map(app.synth().stacks.map(({ stackName, template }) => [stackName, template]));
};
const copies = () => pipelineOf([stepTemplate('copy', [])], { name: 'copies' });
const monitor = { on: ['*'], pipelines: ['customer_analytics'] } as const;

slowTest(
  'the stack of the subscribers is the same for any deployed pipelines, so that none is removed by a deployment of others',
  () => {
    const watched = { monitor, archive: { on: ['*'] } } as const;
    const [both, one, other] = [[customerAnalytics(), copies()], [customerAnalytics()], [copies()]].map((chosen) =>
      stacksOf(chosen, watched).get('daybreak-subscribers'),
    );
    const types = Object.values<{ Type: string }>(both.Resources).map(({ Type }) => Type);
    expect(types.filter((type) => type === 'AWS::Events::Rule').length).toBe(2);
    expect(one).toEqual(both);
    expect(other).toEqual(both);
  },
);

test('the stack of the subscribers is deployed only with a pipeline that one of them hears; the shared stack never depends on it', () => {
  const [named, another, none] = [[customerAnalytics()], [copies()], []].map((chosen) => stacksOf(chosen, { monitor }));
  expect(named?.has('daybreak-subscribers')).toBe(true);
  expect([...(another?.keys() ?? [])].sort()).toEqual(['daybreak-copies', 'daybreak-shared']);
  expect([...(none?.keys() ?? [])]).toEqual(['daybreak-shared']);
  expect(another?.get('daybreak-shared')).toEqual(named?.get('daybreak-shared'));
  expect(none?.get('daybreak-shared')).toEqual(named?.get('daybreak-shared'));
  expect([...stacksOf([], { archive: { on: ['*'] } }).keys()]).toEqual(['daybreak-shared']);
});

test('a subscriber of a pipeline that does not exist is an error with the nearest name', () => {
  expect(() =>
    appOf([customerAnalytics()], { subscribers: { monitor: { on: ['*'], pipelines: ['customer_analytic'] } } }),
  ).toThrow(
    '"lambdas/subscribers/monitor.ts" hears the pipeline "customer_analytic", which does not exist; did you mean "customer_analytics"?',
  );
});

test('pipelines that do not fit into a pattern of EventBridge are left to the subscriber', () => {
  const pipelines = (count: number) => Array.from({ length: count }, (_, index) => `pipeline_${100 + index}`);
  // Each name takes 15 characters with its quotes and comma, all else takes 83: 2,048 are enough for 131 names.
  const fits = heardEvents({ on: ['step.*'], pipelines: pipelines(131) });
  expect(fits.detail).toEqual({ pipeline: pipelines(131) });
  expect(heardEvents({ on: ['step.*'], pipelines: pipelines(132) }).detail).toBeUndefined();
});
