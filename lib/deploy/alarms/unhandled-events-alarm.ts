import { Alarm, ComparisonOperator, type IAlarmAction, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { physicalStackName } from '../physical-name.ts';

export interface UnhandledEventsAlarmProps {
  readonly subscriber: string;
  readonly queue: Queue;
  readonly actions: readonly IAlarmAction[];
}

/** Makes the one alarm of a subscriber: an event waits in its queue. It ends when the queue is empty. */
export function unhandledEventsAlarm(
  scope: Construct,
  { subscriber, queue, actions }: UnhandledEventsAlarmProps,
): Alarm {
  const alarm = new Alarm(scope, 'Unhandled', {
    alarmName: `${physicalStackName(scope, Stack.of(scope))}-${subscriber}-events-not-handled`.slice(0, 255),
    alarmDescription: `[high] Subscriber ${subscriber} could not handle an event, after all retries. The event waits in its queue UnhandledEvents for 14 days; the log of its function has the reason. Runs are not affected.`,
    metric: queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: Duration.minutes(5) }),
    evaluationPeriods: 1,
    threshold: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(...actions);
  return alarm;
}
