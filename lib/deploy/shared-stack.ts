import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { PipelineStore, type PipelineStoreProps } from './store/pipeline-store.ts';

export interface SharedStackProps extends StackProps {
  readonly store: PipelineStoreProps;
}

/** The stack of a project's store. It is the same for any subset of deployed pipelines. */
export class SharedStack extends Stack {
  readonly store: PipelineStore;

  constructor(scope: Construct, id: string, { store, ...props }: SharedStackProps) {
    super(scope, id, {
      description: 'Daybreak: what all pipelines share (store, event bus, alarm topics)',
      terminationProtection: true,
      ...props,
    });
    // Logical ids of the store have no name of this level.
    this.store = new PipelineStore(this, 'Default', store);
    const { bucket, eventBus, topics } = this.store;

    // The stack always exports these, even if no pipeline uses them: CloudFormation must never try to remove an export that is in use.
    const ofBucket = store.bucket === undefined ? [bucket.bucketName, bucket.bucketArn] : [];
    const ofTopics = [...topics.values()].map(({ topicArn }) => topicArn);
    const ofBus = [eventBus.eventBusArn, eventBus.eventBusName];
    for (const value of [...ofBucket, ...ofBus, ...ofTopics]) this.exportValue(value);
    new CfnOutput(this, 'StoreBucketName', {
      value: bucket.bucketName,
      description: `Put source objects below ${this.store.prefix}sources/`,
    });
    for (const [severity, { topicArn }] of topics) {
      new CfnOutput(this, `AlarmTopic${severity}`, {
        value: topicArn,
        description: `Subscribe to it to hear of alarms that are ${severity}`,
      });
    }
  }
}
