import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration, type RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

export interface DeadLetterQueueProps {
  /** Null for keys that SQS manages. */
  readonly encryptionKey: IKey | null;
  readonly removalPolicy: RemovalPolicy;
}

/** Makes a queue for messages that wait for a person. SQS keeps them as long as it can (14 days), encrypted, over TLS only. */
export function deadLetterQueue(
  scope: Construct,
  id: string,
  { encryptionKey, removalPolicy }: DeadLetterQueueProps,
): Queue {
  const queue = new Queue(scope, id, {
    retentionPeriod: Duration.days(14),
    ...(encryptionKey
      ? { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }
      : { encryption: QueueEncryption.SQS_MANAGED }),
    enforceSSL: true,
    removalPolicy,
  });
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'it is a dead-letter queue itself; no function consumes it, people and the command line do',
  });
  return queue;
}
