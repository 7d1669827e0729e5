import { describe, expect, test } from 'vitest';
import { quietHours } from '../../lib/compiler/plan/schedule-gap.ts';
import { eventBridgeCron, type TranslatedCron } from '../../lib/compiler/template/schedule/eventbridge-cron.ts';
import { alarmRows, pipelineSeverity } from '../../lib/deploy/alarms/alarm-rows.ts';
import { stepTemplate } from '../support/templates.ts';
import { customerAnalytics, pipelineOf } from './fixture.ts';
import { resources } from './read-template.ts';
import { analytics } from './synthesized.ts';

/** Metrics that these services publish, from their documentation: an alarm on a misspelt metric would never fire. */
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
  // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
  'AWS/Lambda': ['ConcurrentExecutions', 'Duration', 'Errors', 'Invocations', 'Throttles'],
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
  test('are one per row of the table; without alerts there is no function that could fail to send them', () => {
    const ids = alarmRows
      .filter(({ subject }) => subject !== 'alerts')
      .map(({ id }) => `daybreak-staging--customer-analytics-${id}`);
    expect(ids.length).toBe(6);
    expect(alarms.map(({ AlarmName }) => AlarmName).sort()).toEqual(ids.sort());
  });

  test.each(alarms.map((properties) => [properties.AlarmName, properties]))(
    '%s watches a metric that exists, of this pipeline, and tells the topic of its severity',
    (_, { Namespace, MetricName, Dimensions, AlarmActions, AlarmDescription, ...rest }) => {
      expect(published[String(Namespace)]).toContain(MetricName);
      const [dimension] = Dimensions as { Name: string; Value: unknown }[];
      const names: Record<string, string> = {
        'AWS/States': 'StateMachineArn',
        'AWS/Lambda': 'FunctionName',
        'AWS/SQS': 'QueueName',
      };
      expect(dimension?.Name).toBe(names[String(Namespace)]);
      expect(JSON.stringify(dimension?.Value)).toMatch(
        /Machine|FunctionsReconcile|FunctionsDeadlines|UntakenEvents|DeadLetters/,
      );
      const severity = /^\[(\w+)\] Pipeline customer_analytics: /.exec(String(AlarmDescription))?.[1] ?? '?';
      expect(JSON.stringify(AlarmActions).toLowerCase()).toContain(`alarms${severity}`);
      expect(String(AlarmDescription).length).toBeLessThanOrEqual(1024);
      // CloudWatch's limit: 7 days for periods of an hour and more, one day for shorter ones.
      const seconds = Number(rest.Period) * Number(rest.EvaluationPeriods);
      expect(seconds).toBeLessThanOrEqual((Number(rest.Period) >= 3600 ? 7 : 1) * 86_400);
    },
  );

  test('report a failure with the severity of the most severe step that can fail the run', () => {
    const { plan } = customerAnalytics();
    expect(plan.steps.find(({ severity }) => severity === 'critical')?.optional).toBe(true);
    expect(pipelineSeverity(plan)).toBe('high');
    expect(pipelineSeverity(pipelineOf([stepTemplate('only', [], { severity: 'low' })]).plan)).toBe('low');
  });

  test('stay quiet while nothing happens', () => {
    for (const { TreatMissingData } of alarms) expect(TreatMissingData).toBe('notBreaching');
    expect(alarm('execution-failed')).toMatchObject({
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    });
  });

  test('for attention fire if all three attempts of the reconcile function fail within an hour', () => {
    expect(alarm('needs-attention')).toMatchObject({ MetricName: 'Errors', Threshold: 3, Period: 3600 });
    analytics.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 2 });
  });
});

describe('the time within which a run must succeed', () => {
  /** The hours for a rate, or for a cron expression with five fields. */
  const hours = (text: string, longest = 24, enabled = true) => {
    const cron = text.startsWith('rate') ? null : (eventBridgeCron(text) as TranslatedCron);
    const times = { expression: cron?.expression ?? text, times: cron?.times ?? null };
    return quietHours({
      schedule: { ...times, timezone: 'UTC', enabled, input: {} },
      maxDurationSeconds: longest * 3600,
    });
  };

  test('is one interval, the longest run, the hour of daylight saving and one more hour', () => {
    expect(hours('0 1 * * *', 6)).toBe(24 + 1 + 6 + 1);
    expect(hours('0 6 * * 1-5', 6)).toBe(72 + 1 + 6 + 1);
    expect(hours('0 6 * * 1', 1)).toBe(168 + 1 + 1 + 1);
  });

  test('does not assume a run of a day if a schedule is frequent and the template names no limit', () => {
    expect(hours('rate(5 minutes)')).toBe(Math.ceil(5 / 60 + 3) + 1);
    expect(hours('rate(2 hours)')).toBe(2 + 8 + 1);
    expect(hours('rate(5 minutes)', 10)).toBe(Math.ceil(5 / 60 + 10) + 1);
    expect(hours('0 1 * * *')).toBe(25 + 24 + 1);
  });

  test('is unknown without a schedule, or if starts are so rare that Step Functions has forgotten the last run', () => {
    expect(hours('0 1 * * *', 6, false)).toBeNull();
    expect(hours('0 6 1 * *')).toBe(31 * 24 + 1 + 24 + 1);
    expect(hours('0 6 1 1,7 *')).toBeNull();
  });
});
