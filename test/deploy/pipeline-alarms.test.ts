import { describe, expect, test } from 'vitest';
import { alarmRows, pipelineSeverity } from '../../lib/deploy/alarms/alarm-rows.ts';
import { stepTemplate } from '../support/templates.ts';
import { customerAnalytics, pipelineOf } from './fixture.ts';
import { resources } from './read-template.ts';
import { analytics, template } from './synthesized.ts';

/** Metrics that these services publish, from their documentation: an alarm on a misspelt one would never fire. */
const published: Readonly<Record<string, readonly string[]>> = {
  // https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
  'AWS/States': [
    'ExecutionTime',
    'ExecutionThrottled',
    'ExecutionsAborted',
    'ExecutionsFailed',
    'ExecutionsRedriven',
    'ExecutionsStarted',
    'ExecutionsSucceeded',
    'ExecutionsTimedOut',
  ],
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
  'AWS/SQS': [
    'ApproximateAgeOfOldestMessage',
    'ApproximateNumberOfMessagesDelayed',
    'ApproximateNumberOfMessagesNotVisible',
    'ApproximateNumberOfMessagesVisible',
    'NumberOfEmptyReceives',
    'NumberOfMessagesDeleted',
    'NumberOfMessagesReceived',
    'NumberOfMessagesSent',
    'SentMessageSize',
  ],
};

const alarms = resources(analytics, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
const alarm = (id: string) =>
  alarms.find(({ AlarmName }) => AlarmName === `daybreak-staging--customer-analytics-${id}`);

describe('the alarms of a pipeline', () => {
  test('are one per row of the table', () => {
    const ids = alarmRows(customerAnalytics().plan).map(({ id }) => `daybreak-staging--customer-analytics-${id}`);
    expect(ids.length).toBe(9);
    expect(alarms.map(({ AlarmName }) => AlarmName).sort()).toEqual(ids.sort());
  });

  test.each(alarms.map((properties) => [properties.AlarmName, properties]))(
    '%s watches a metric that exists, of this pipeline, and tells the topic of its severity',
    (_, { Namespace, MetricName, Dimensions, AlarmActions, AlarmDescription, ...rest }) => {
      expect(published[String(Namespace)]).toContain(MetricName);
      const [dimension] = Dimensions as { Name: string; Value: unknown }[];
      expect(dimension?.Name).toBe(Namespace === 'AWS/States' ? 'StateMachineArn' : 'QueueName');
      expect(JSON.stringify(dimension?.Value)).toMatch(/Machine|DeadLetters|Undelivered/);
      const severity = /^\[(\w+)\] Pipeline customer_analytics: /.exec(String(AlarmDescription))?.[1] ?? '?';
      expect(JSON.stringify(AlarmActions).toLowerCase()).toContain(`alarms${severity}`);
      expect(String(AlarmDescription).length).toBeLessThanOrEqual(1024);
      // What CloudWatch takes: 7 days for periods of an hour and more, one day for shorter ones.
      const seconds = Number(rest.Period) * Number(rest.EvaluationPeriods);
      expect(seconds).toBeLessThanOrEqual((Number(rest.Period) >= 3600 ? 7 : 1) * 86_400);
    },
  );

  test('tell of a failure as severely as the most severe step that can fail the run', () => {
    const { plan } = customerAnalytics();
    expect(plan.steps.find(({ severity }) => severity === 'critical')?.optional).toBe(true);
    expect(pipelineSeverity(plan)).toBe('high');
    expect(pipelineSeverity(pipelineOf([stepTemplate('only', [], { severity: 'low' })]).plan)).toBe('low');
  });

  test('stay quiet while nothing happens, but not when nothing happens though it should', () => {
    expect(alarm('execution-failed')).toMatchObject({ TreatMissingData: 'notBreaching', Threshold: 1 });
    expect(alarm('no-successful-run')).toMatchObject({
      MetricName: 'ExecutionsSucceeded',
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
      Threshold: 1,
      Period: 3600,
    });
  });
});

describe('the alarm on no successful run', () => {
  const periods = (expression: string, hours: number, enabled = true) =>
    alarmRows({
      schedule: { expression, timezone: 'UTC', enabled, input: {} },
      maxDurationSeconds: hours * 3600,
    }).find(({ id }) => id === 'no-successful-run')?.periods;

  test('looks back over one interval, the longest run, daylight saving and an hour', () => {
    expect(periods('cron(0 1 * * ? *)', 6)).toBe(24 + 6 + 1 + 1);
    expect(periods('rate(15 minutes)', 1)).toBe(1 + 1 + 1);
    expect(periods('cron(0 6 ? * 2-6 *)', 24)).toBe(72 + 24 + 1 + 1);
  });

  test('is not there when CloudWatch cannot look back so far, or nothing is scheduled', () => {
    expect(periods('cron(0 6 ? * 2 *)', 1)).toBeUndefined();
    expect(periods('cron(0 6 1 * ? *)', 1)).toBeUndefined();
    expect(periods('cron(0 1 * * ? *)', 6, false)).toBeUndefined();
    const weekly = resources(template('large'), 'AWS::CloudWatch::Alarm').map(
      ([, { Properties }]) => Properties.AlarmName,
    );
    expect(weekly).toContain('daybreak-staging--large-start-undelivered');
    expect(weekly).not.toContain('daybreak-staging--large-no-successful-run');
  });
});
