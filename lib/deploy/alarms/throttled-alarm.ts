import { Alarm, ComparisonOperator, type IAlarmAction, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { physicalStackName } from '../physical-name.ts';

/** Half an hour: shorter bursts only delay a run by some minutes, and no one has to do anything. */
const periods = 6;

/** Makes the one alarm that concerns all pipelines: the account is at its limit of state transitions, and stays there. */
export function throttledAlarm(scope: Construct, actions: readonly IAlarmAction[]): Alarm {
  const alarm = new Alarm(scope, 'Throttled', {
    alarmName: `${physicalStackName(scope, Stack.of(scope))}-execution-throttled`,
    alarmDescription:
      '[high] Step Functions has slowed pipelines down for half an hour because the account is at its limit of state transitions. Runs continue, late; ask for a higher quota.',
    metric: new Metric({
      namespace: 'AWS/States',
      metricName: 'ThrottledEvents',
      dimensionsMap: { ServiceMetric: 'StateTransition' },
      statistic: 'Sum',
      period: Duration.minutes(5),
    }),
    evaluationPeriods: periods,
    datapointsToAlarm: periods,
    threshold: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(...actions);
  return alarm;
}
