import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { resources, statementsOf } from './read-template.ts';
import { analytics } from './synthesized.ts';

describe('the function that keeps incidents', () => {
  test('hears the events of its pipeline alone, and only those that count', () => {
    analytics.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['daybreak'],
        'detail-type': [
          'step.failed',
          'step.blocked',
          'run.completed',
          'run.failed',
          'run.stopped',
          'deadline.at_risk',
          'deadline.missed',
          'deadline.met',
        ],
        detail: { pipeline: ['customer_analytics'] },
      },
      Targets: [
        Match.objectLike({
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^UntakenEvents'), 'Arn'] } },
        }),
      ],
    });
  });

  test('hears the alarms of its stack', () => {
    analytics.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.cloudwatch'],
        detail: { alarmName: [{ prefix: 'daybreak-staging--customer-analytics-' }] },
      },
    });
  });

  test('may write one object, report events, and keep what it could not take in', () => {
    const [[, role]] = resources(analytics, 'AWS::IAM::Role').filter(([id]) => id.includes('IncidentsIdentity')) as [
      [string, object],
    ];
    const text = JSON.stringify(role);
    expect(text.match(/s3:PutObject/g)).toHaveLength(1);
    expect(text).toContain('/customer_analytics/incidents/state.json');
    expect(text).not.toMatch(/runs|leases|index/);
    expect(statementsOf(analytics).some(({ Resource }) => JSON.stringify(Resource).includes('UntakenEvents'))).toBe(
      true,
    );
  });
});
