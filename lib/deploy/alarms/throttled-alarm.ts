import { Alarm, ComparisonOperator, type IAlarmAction, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { physicalStackName } from '../physical-name.ts';

/** Makes the one alarm that concerns all pipelines: the account is at its limit of state transitions. */
export function throttledAlarm(scope: Construct, actions: readonly IAlarmAction[]): Alarm {
  const alarm = new Alarm(scope, 'Throttled', {
    alarmName: `${physicalStackName(scope, Stack.of(scope))}-execution-throttled`,
    alarmDescription:
      '[high] Step Functions slows pipelines down because the account is at its limit of state transitions. Runs continue, late; ask for a higher quota.',
    metric: new Metric({
      namespace: 'AWS/States',
      metricName: 'ThrottledEvents',
      dimensionsMap: { ServiceMetric: 'StateTransition' },
      statistic: 'Sum',
      period: Duration.minutes(5),
    }),
    evaluationPeriods: 1,
    threshold: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(...actions);
  return alarm;
}
