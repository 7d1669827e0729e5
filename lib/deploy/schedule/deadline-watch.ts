import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { PipelinePlan, SchedulePlan } from '../../compiler/plan/plan.ts';
import type { DeadlineSetting } from '../../contract/events/deadline-setting.ts';
import { eventSource } from '../../contract/events/event-id.ts';
import type { CronTimes } from '../../input/schedule-times.ts';
import type { RuntimeFunction } from '../function/runtime-function.ts';
import { lookExpression } from './look-times.ts';
import { schedulerRole } from './scheduler-role.ts';

export interface DeadlineWatchProps {
  readonly plan: PipelinePlan & { readonly schedule: SchedulePlan & { readonly times: CronTimes } };
  readonly deadlines: RuntimeFunction;
  readonly eventBus: IEventBus;
}

/**
 * Calls the function of deadlines: between a scheduled start and its deadlines, at each deadline on its own zone's clock, and when a run or a step with a deadline has made its data. So a
 * run that never started is noticed too. A schedule that starts nothing (`enabled: false`) has no deadlines either.
 */
export class DeadlineWatch extends Construct {
  constructor(scope: Construct, id: string, { plan, deadlines, eventBus }: DeadlineWatchProps) {
    super(scope, id);
    const { name, schedule, steps } = plan;
    const own = steps.filter((step) => step.deadline !== null);
    const settings = [plan.deadline, ...own.map((step) => step.deadline)].filter((one) => one !== null);
    const role = schedulerRole(this, [{ actions: ['lambda:InvokeFunction'], resources: [deadlines.fn.functionArn] }]);
    const add = (key: string, description: string, times: Times): void => {
      new CfnSchedule(this, key, {
        description,
        scheduleExpression: times.expression,
        scheduleExpressionTimezone: times.timezone,
        state: schedule.enabled ? 'ENABLED' : 'DISABLED',
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: deadlines.fn.functionArn,
          roleArn: role.roleArn,
          input: '{}',
          retryPolicy: { maximumEventAgeInSeconds: times.seconds, maximumRetryAttempts: times.attempts },
        },
      });
    };
    const clock = { times: schedule.times, timezone: schedule.timezone };
    const looks = { expression: lookExpression(clock, settings), timezone: 'UTC', seconds: 300, attempts: 2 };
    add('Looks', `Looks at the deadlines of ${name}`, looks);
    // A miss must not be lost: the looks of the next two days would find it too, but late.
    const lasting = { seconds: 86_400, attempts: 185 };
    for (const [key, { ready_by, timezone }] of new Map(settings.map((one) => [keyOf(one), one]))) {
      const expression = `cron(${ready_by % 60} ${Math.floor(ready_by / 60)} * * ? *)`;
      add(`At${key}`, `Deadline of ${name}`, { expression, timezone, ...lasting });
    }
    const target = new LambdaFunction(deadlines.fn, { maxEventAge: Duration.hours(24), retryAttempts: 185 });
    const listen = (key: string, detailType: string[], detail: Record<string, string[]>): void => {
      const rule = new Rule(this, key, {
        description: `Data of ${name} that a deadline waits for`,
        eventBus,
        eventPattern: { source: [eventSource], detailType, detail: { pipeline: [name], ...detail } },
      });
      rule.addTarget(target);
    };
    listen('Ready', ['run.completed'], {});
    const names = own.map((step) => step.name);
    if (names.length > 0) listen('StepsReady', ['step.completed', 'step.reused'], { step: names });
    deadlines.fn.configureAsyncInvoke({ maxEventAge: Duration.hours(1), retryAttempts: 2 });
  }
}

interface Times {
  readonly expression: string;
  readonly timezone: string;
  readonly seconds: number;
  readonly attempts: number;
}

/** Part of a logical id: `0700EuropeBerlin`. */
const keyOf = ({ ready_by, timezone }: DeadlineSetting): string =>
  `${String(Math.floor(ready_by / 60)).padStart(2, '0')}${String(ready_by % 60).padStart(2, '0')}${timezone
    .replace(/[^A-Za-z0-9+-]/g, '')
    .replace('+', 'Plus')
    .replace('-', 'Minus')}`;
