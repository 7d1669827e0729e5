import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { SchedulePlan } from '../../compiler/plan/plan.ts';
import type { Grant } from '../function/grant.ts';
import { schedulerRole } from './scheduler-role.ts';

/** A context attribute of EventBridge Scheduler: the planned time of the start, even if delivery is late. */
const scheduledTime = '<aws.scheduler.scheduled-time>';

export interface PipelineScheduleProps {
  readonly pipeline: string;
  readonly schedule: SchedulePlan;
  readonly stateMachine: StateMachine;
  /** The queue for starts that could not be delivered within a day. */
  readonly undelivered: Queue;
  /** Spreads the starts over this time; 0 for none. */
  readonly jitterMinutes: number;
  /** Grants for the queue's key. */
  readonly grants: readonly Grant[];
}

/**
 * Starts the machine on time in the schedule's own zone; Scheduler handles daylight saving. Scheduler delivers at least once and may be late. The scheduled
 * time in the input identifies a second delivery and makes a late one harmless.
 */
export class PipelineSchedule extends Construct {
  readonly schedule: CfnSchedule;

  constructor(scope: Construct, id: string, props: PipelineScheduleProps) {
    super(scope, id);
    const { pipeline, schedule, stateMachine, undelivered, jitterMinutes } = props;
    const role = schedulerRole(this, [
      { actions: ['states:StartExecution'], resources: [stateMachine.stateMachineArn] },
      { actions: ['sqs:SendMessage'], resources: [undelivered.queueArn] },
      ...props.grants,
    ]);
    this.schedule = new CfnSchedule(this, 'Schedule', {
      description: `Starts the pipeline ${pipeline}`,
      scheduleExpression: schedule.expression,
      scheduleExpressionTimezone: schedule.timezone,
      state: schedule.enabled ? 'ENABLED' : 'DISABLED',
      flexibleTimeWindow:
        jitterMinutes > 0 ? { mode: 'FLEXIBLE', maximumWindowInMinutes: jitterMinutes } : { mode: 'OFF' },
      target: {
        arn: stateMachine.stateMachineArn,
        roleArn: role.roleArn,
        input: JSON.stringify({ daybreak: { scheduled_time: scheduledTime } }),
        retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
        deadLetterConfig: { arn: undelivered.queueArn },
      },
    });
  }
}
