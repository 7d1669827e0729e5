import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { lookExpression } from '../../lib/deploy/schedule/look-times.ts';
import { resources } from './read-template.ts';
import { analytics, all as stacks } from './synthesized.ts';

describe('the deadlines of a deployed pipeline', () => {
  test('are looked at by Scheduler on the clock of their zones, and in between', () => {
    const schedules = resources(analytics, 'AWS::Scheduler::Schedule')
      .map(([, { Properties }]) => Properties as Record<string, unknown>)
      .map(({ ScheduleExpression: cron, ScheduleExpressionTimezone: zone, State }) => `${cron} ${zone} ${State}`);
    expect(schedules.sort()).toEqual([
      // Starts at 00:00 UTC in winter and 23:00 in summer; 07:05 in Kolkata is 01:35 UTC, 03:00 in Berlin 01:00 or 02:00.
      'cron(0 1 * * ? *) Europe/Berlin ENABLED',
      'cron(0 3 * * ? *) Europe/Berlin ENABLED',
      'cron(0,5,10,15,20,25,30,35,40,45,50,55 0,1,2,3,22,23 * * ? *) UTC ENABLED',
      'cron(5 7 * * ? *) Asia/Kolkata ENABLED',
    ]);
  });

  test('are looked at when their data is ready: that of the run, and of the steps that have one', () => {
    const detail = { pipeline: ['customer_analytics'] };
    analytics.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['daybreak'], 'detail-type': ['run.completed'], detail },
    });
    analytics.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['daybreak'],
        'detail-type': ['step.completed', 'step.reused'],
        detail: { ...detail, step: ['extract_users'] },
      },
    });
  });

  test('have a function that may write one object and read no data of others', () => {
    const [[, role]] = resources(analytics, 'AWS::IAM::Role').filter(([id]) => id.includes('DeadlinesIdentity')) as [
      [string, object],
    ];
    const text = JSON.stringify(role);
    expect(text.match(/s3:PutObject/g)).toHaveLength(1);
    expect(text).toContain('/customer_analytics/deadlines.json');
    expect(text).not.toMatch(/leases|incidents|sqs:|states:/);
    analytics.hasResourceProperties('AWS::Lambda::Function', {
      Handler: 'Deadlines.handler',
      Environment: {
        Variables: Match.objectLike({
          DAYBREAK_PIPELINE: 'customer_analytics',
          DAYBREAK_DEADLINES: Match.stringLikeRegexp(
            '"deadline":\\{"ready_by":425,"timezone":"Asia/Kolkata","severity":"critical","at_risk":"team"\\}',
          ),
        }),
      },
    });
  });

  test('need nothing in a pipeline without them', () => {
    const [, copies] = stacks.find(([name]) => name.includes('copies')) as (typeof stacks)[number];
    expect(resources(copies, 'AWS::Lambda::Function').some(([id]) => id.includes('Deadlines'))).toBe(false);
    expect(resources(copies, 'AWS::Scheduler::Schedule')).toHaveLength(1);
  });
});

describe('the looks', () => {
  const all = (count: number, first: number): number[] => Array.from({ length: count }, (_, index) => first + index);
  const daily = (hour: number, minute = 0) => ({
    times: { minutes: [minute], hours: [hour], daysOfMonth: all(31, 1), months: all(12, 1), daysOfWeek: all(7, 0) },
    timezone: 'UTC',
  });
  const by = (ready_by: number) => ({ ready_by, timezone: 'UTC', severity: 'high', at_risk: 'team' }) as const;

  test.each([
    ['each minute before a deadline within two hours', daily(1), [by(180)], 'cron(* 0,1,2,3,4 * * ? *)'],
    [
      'every five minutes before a later one, and in its minute',
      daily(1),
      [by(423)],
      /^cron\(0,3,5,10,.*,55 0,1,2,3,4,5,6,7,8 /,
    ],
    ['over midnight', daily(22, 30), [by(120)], /^cron\(0,5.* 0,1,2,3,21,22,23 /],
    ['the whole day, where a deadline is a day away', daily(7), [by(420)], /^cron\(0,5.*,55 \* /],
  ])('come %s', (_, schedule, deadlines, expected) => {
    const found = lookExpression(schedule, deadlines);
    if (typeof expected === 'string') expect(found).toBe(expected);
    else expect(found).toMatch(expected);
  });
});
