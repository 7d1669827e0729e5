import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Severity } from '../compiler/template/template.ts';
import { AlarmTopics, severities } from './alarms/alarm-topics.ts';
import type { Store } from './function/store-access.ts';
import { StoreBucket } from './store-bucket.ts';

export interface SharedStackProps extends StackProps {
  /** The names of all pipelines that use this stack: their runs expire. */
  readonly pipelines: readonly string[];
}

/** The resources that all pipelines share: the store, the event bus, the alarm topics. It is the same for any subset of deployed pipelines. */
export class SharedStack extends Stack {
  readonly store: Store;
  readonly eventBusArn: string;
  /** ARN of the topic for alarms of a severity. */
  readonly topicArns: Readonly<Record<Severity, string>>;

  constructor(scope: Construct, id: string, props: SharedStackProps) {
    super(scope, id, {
      description: 'Daybreak: what all pipelines share (store, event bus, alarm topics)',
      terminationProtection: true,
      ...props,
    });
    const { bucket } = new StoreBucket(this, 'Store', props.pipelines);
    const { topics } = new AlarmTopics(this, 'Alarms');
    const throttled = new Alarm(this, 'Throttled', {
      alarmName: `${this.stackName}-execution-throttled`,
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
    throttled.addAlarmAction({ bind: () => ({ alarmActionArn: topics.high.topicArn }) });
    const bus = new EventBus(this, 'Events', { description: 'Events of Daybreak pipelines' });

    // The stack always exports these, even if no pipeline uses them: CloudFormation must never try to remove an export that is in use.
    this.store = { name: this.exportValue(bucket.bucketName), arn: this.exportValue(bucket.bucketArn) };
    this.eventBusArn = this.exportValue(bus.eventBusArn);
    this.topicArns = {
      critical: this.exportValue(topics.critical.topicArn),
      high: this.exportValue(topics.high.topicArn),
      medium: this.exportValue(topics.medium.topicArn),
      low: this.exportValue(topics.low.topicArn),
    };
    new CfnOutput(this, 'StoreBucketName', {
      value: bucket.bucketName,
      description: 'Put source objects below sources/',
    });
    for (const severity of severities) {
      new CfnOutput(this, `AlarmTopic${severity}`, {
        value: topics[severity].topicArn,
        description: `Subscribe to it to hear of alarms that are ${severity}`,
      });
    }
  }
}
