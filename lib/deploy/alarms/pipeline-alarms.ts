import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { PipelinePlan } from '../../compiler/plan/plan.ts';
import type { Severity } from '../../compiler/template/template.ts';
import { type AlarmRow, type AlarmSubject, alarmRows, pipelineSeverity } from './alarm-rows.ts';

export interface PipelineAlarmsProps {
  readonly plan: PipelinePlan;
  readonly stateMachine: StateMachine;
  readonly queues: Readonly<Partial<Record<Exclude<AlarmSubject, 'machine'>, Queue>>>;
  readonly topicArns: Readonly<Record<Severity, string>>;
}

/** The alarms of a pipeline: one per row of the table, each telling the topic of its severity. */
export class PipelineAlarms extends Construct {
  constructor(scope: Construct, id: string, { plan, stateMachine, queues, topicArns }: PipelineAlarmsProps) {
    super(scope, id);
    const metricOf = ({ subject, metric, statistic, periodMinutes }: AlarmRow): Metric => {
      const common = { metricName: metric, statistic, period: Duration.minutes(periodMinutes) };
      if (subject === 'machine') {
        const dimensionsMap = { StateMachineArn: stateMachine.stateMachineArn };
        return new Metric({ ...common, namespace: 'AWS/States', dimensionsMap });
      }
      const queue = queues[subject];
      if (!queue)
        throw new Error(`the alarm on ${metric} watches the queue "${subject}", which "${plan.name}" does not have`);
      return new Metric({ ...common, namespace: 'AWS/SQS', dimensionsMap: { QueueName: queue.queueName } });
    };
    for (const row of alarmRows(plan)) {
      const severity = row.severity === 'pipeline' ? pipelineSeverity(plan) : row.severity;
      const alarm = new Alarm(this, row.id, {
        // People read this name on a phone at night, hence a physical one.
        alarmName: `${Stack.of(this).stackName}-${row.id}`,
        alarmDescription: `[${severity}] Pipeline ${plan.name}: ${row.tells}`,
        metric: metricOf(row),
        evaluationPeriods: row.periods,
        datapointsToAlarm: row.periods,
        threshold: row.below ?? row.atLeast ?? 1,
        comparisonOperator:
          row.below === undefined
            ? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
            : ComparisonOperator.LESS_THAN_THRESHOLD,
        // A metric without data means that nothing happened: fine for what must not happen, not for what must.
        treatMissingData: row.below === undefined ? TreatMissingData.NOT_BREACHING : TreatMissingData.BREACHING,
      });
      alarm.addAlarmAction({ bind: () => ({ alarmActionArn: topicArns[severity] }) });
    }
  }
}
