import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { resources } from './read-template.ts';
import { analytics, template } from './synthesized.ts';

describe('the state machine', () => {
  const [[, machine] = []] = resources(analytics, 'AWS::StepFunctions::StateMachine');

  test('has a value for every placeholder: a version of a function, the partition', () => {
    const used = new Set(
      [...String(machine?.Properties.DefinitionString).matchAll(/\$\{([^}]*)\}/g)].map(([, name]) => name),
    );
    const values = machine?.Properties.DefinitionSubstitutions as Record<string, unknown>;
    expect(Object.keys(values)).toEqual(expect.arrayContaining([...used]));
    expect(used.size).toBe(2 + 4 + 1);
    const versions = resources(analytics, 'AWS::Lambda::Version').map(([id]) => id);
    for (const [name, value] of Object.entries(values)) {
      if (name === 'Partition') expect(value).toEqual({ Ref: 'AWS::Partition' });
      else expect(versions).toContain((value as { Ref: string }).Ref);
    }
  });

  test('logs every event without execution data, and traces', () => {
    analytics.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
      TracingConfiguration: { Enabled: true },
    });
    analytics.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/vendedlogs/states/daybreak-staging--customer-analytics',
    });
  });

  test('travels as a file when it is large', () => {
    const [[, large] = []] = resources(template('large'), 'AWS::StepFunctions::StateMachine');
    expect(large?.Properties.DefinitionString).toBeUndefined();
    expect(large?.Properties.DefinitionS3Location).toMatchObject({ Key: expect.stringMatching(/\.json$/) });
    expect(large?.Properties.DefinitionSubstitutions).toMatchObject({ Partition: { Ref: 'AWS::Partition' } });
  });
});

describe('dead letters', () => {
  test.each(['customer-analytics', 'copies'])('of %s wait 14 days in encrypted queues that only take TLS', (name) => {
    const queues = resources(template(name), 'AWS::SQS::Queue');
    expect(queues.map(([id]) => id.slice(0, -8)).sort()).toEqual(['DeadLetters', 'UndeliveredStarts', 'UntakenEvents']);
    const policies = JSON.stringify(template(name).findResources('AWS::SQS::QueuePolicy'));
    expect(policies.match(/"aws:SecureTransport":"false"/g)?.length).toBe(3);
    for (const [, queue] of queues) {
      expect(queue.DeletionPolicy).toBe('Retain');
      expect(queue.Properties).toMatchObject({ MessageRetentionPeriod: 14 * 24 * 60 * 60, SqsManagedSseEnabled: true });
    }
  });

  test('are completed after every unsuccessful end of this machine, and once an hour for ends without an event', () => {
    analytics.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: {
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
          stateMachineArn: [{ Ref: Match.stringLikeRegexp('^Machine') }],
        },
      },
      Targets: [Match.objectLike({ RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 } })],
    });
    analytics.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 hour)',
      Targets: [Match.objectLike({ Input: '{"sweep":{"quiet_hours":50}}' })],
    });
  });
});

describe('a schedule', () => {
  test.each([
    ['customer-analytics', 'cron(0 1 * * ? *)', 'Europe/Berlin', 'ENABLED'],
    ['copies', 'cron(30 6 ? * 2 *)', 'America/New_York', 'DISABLED'],
  ])('of %s is local time, so that daylight saving is the Scheduler’s business', (name, expression, zone, state) => {
    template(name).hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: expression,
      ScheduleExpressionTimezone: zone,
      State: state,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Input: '{"daybreak":{"scheduled_time":"<aws.scheduler.scheduled-time>"}}',
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^UndeliveredStarts'), 'Arn'] } },
      },
    });
  });

  test('may only start its machine and report undelivered starts', () => {
    const [[, role] = []] = resources(analytics, 'AWS::IAM::Role').filter(([id]) => id.startsWith('ScheduleRole'));
    const actions = [...JSON.stringify(role?.Properties.Policies).matchAll(/"Action":("[^"]*"|\[.*?\])/g)].map(
      ([, action]) => action,
    );
    expect(actions).toEqual(['"states:StartExecution"', '"sqs:SendMessage"']);
  });
});

test('the outputs lead to the machine, the store and the queue, and start a run from any shell', () => {
  analytics.hasOutput('StateMachineArn', {});
  analytics.hasOutput('StoreBucketName', {});
  analytics.hasOutput('DeadLetterQueueUrl', {});
  const parts = (analytics.toJSON().Outputs as Record<string, { Value: { 'Fn::Join': [string, unknown[]] } }>)
    .StartCommand?.Value['Fn::Join'][1];
  expect(parts).toEqual([
    'aws stepfunctions start-execution --region ',
    { Ref: 'AWS::Region' },
    ' --state-machine-arn ',
    { Ref: expect.stringMatching(/^Machine/) },
    ` --input '{"date_range":{"start_date":"2026-01-31","end_date":"2026-01-31"},"note":"it'\\''s fine"}'`,
  ]);
});
