import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { PipelinePlan } from '../../compiler/plan/plan.ts';
import type { RuntimeFunction } from '../function/runtime-function.ts';
import { type AlarmSubject, alarmRows, pipelineSeverity } from './alarm-rows.ts';
import type { AlertActions } from './alert-actions.ts';

export interface PipelineAlarmsProps {
  readonly plan: PipelinePlan;
  readonly stateMachine: StateMachine;
  readonly reconcile: RuntimeFunction;
  /** Has the events that could not be taken into incidents. */
  readonly untaken: Queue;
  readonly alerts: RuntimeFunction | null;
  readonly deadlines: RuntimeFunction | null;
  readonly deadLetters: Queue;
  /** Begins the names of the alarms. */
  readonly name: string;
  readonly actions: AlertActions;
}

/** The alarms of a pipeline: one per row of the table. Each notifies the targets of its severity. */
export class PipelineAlarms extends Construct {
  /** By the row's id. */
  readonly alarms: ReadonlyMap<string, Alarm>;

  constructor(scope: Construct, id: string, props: PipelineAlarmsProps) {
    super(scope, id);
    const { plan, name, actions } = props;
    const alarms = new Map<string, Alarm>();
    this.alarms = alarms;
    type Subject = { readonly namespace: string; readonly dimensionsMap: Record<string, string> };
    const subjects: Readonly<Record<AlarmSubject, Subject | null>> = {
      machine: { namespace: 'AWS/States', dimensionsMap: { StateMachineArn: props.stateMachine.stateMachineArn } },
      reconcile: { namespace: 'AWS/Lambda', dimensionsMap: { FunctionName: props.reconcile.fn.functionName } },
      alerts: props.alerts && {
        namespace: 'AWS/Lambda',
        dimensionsMap: { FunctionName: props.alerts.fn.functionName },
      },
      deadlines: props.deadlines && {
        namespace: 'AWS/Lambda',
        dimensionsMap: { FunctionName: props.deadlines.fn.functionName },
      },
      untakenEvents: { namespace: 'AWS/SQS', dimensionsMap: { QueueName: props.untaken.queueName } },
      deadLetters: { namespace: 'AWS/SQS', dimensionsMap: { QueueName: props.deadLetters.queueName } },
    };
    for (const row of alarmRows) {
      const subject = subjects[row.subject];
      if (!subject || (row.toldByAlerts && props.alerts)) continue;
      const severity = row.severity === 'pipeline' ? pipelineSeverity(plan) : row.severity;
      const { metric: metricName, statistic, periodMinutes } = row;
      const alarm = new Alarm(this, row.id, {
        // People read this name on a phone at night, so it is a physical name.
        alarmName: `${name}-${row.id}`,
        alarmDescription: `[${severity}] Pipeline ${plan.name}: ${row.tells}`,
        metric: new Metric({
          ...subject,
          metricName,
          statistic,
          period: Duration.minutes(periodMinutes),
        }),
        evaluationPeriods: row.periods,
        datapointsToAlarm: row.periods,
        threshold: row.atLeast,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        // A metric without data means that nothing happened.
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(...actions[severity]);
      alarms.set(row.id, alarm);
    }
  }
}
