import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Aws, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Severity } from '../../compiler/template/template.ts';

/** Severities, from the one that wakes people to the one that waits for business hours. */
export const severities = ['critical', 'high', 'medium', 'low'] as const satisfies readonly Severity[];

export interface AlarmTopicsProps {
  /** Severities that need a topic. */
  readonly severities: readonly Severity[];
  /** Encrypts the topics; null for a new key. The policy of a key from elsewhere must let CloudWatch use it. */
  readonly encryptionKey: IKey | null;
}

/**
 * SNS topics by severity, to which people subscribe. The topics share a customer-managed key, because CloudWatch cannot publish to a topic that is encrypted with
 * the AWS-managed key for SNS. The key is the only resource that costs money when idle (1 dollar a month).
 */
export class AlarmTopics extends Construct {
  readonly topics: ReadonlyMap<Severity, Topic>;

  constructor(scope: Construct, id: string, props: AlarmTopicsProps) {
    super(scope, id);
    const alarms = new ServicePrincipal('cloudwatch.amazonaws.com');
    const key =
      props.encryptionKey ??
      new Key(this, 'Key', {
        description: 'Encrypts the alarm topics of Daybreak',
        enableKeyRotation: true,
        removalPolicy: RemovalPolicy.DESTROY,
      });
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [alarms],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
      }),
    );
    const topic = (severity: Severity): Topic => {
      const made = new Topic(this, `${severity.charAt(0).toUpperCase()}${severity.slice(1)}`, {
        displayName: `Daybreak alarms: ${severity}`,
        masterKey: key,
        enforceSSL: true,
      });
      // A custom topic policy replaces the default one, which lets CloudWatch publish.
      made.addToResourcePolicy(
        new PolicyStatement({
          principals: [alarms],
          actions: ['sns:Publish'],
          resources: [made.topicArn],
          conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
        }),
      );
      return made;
    };
    this.topics = new Map(props.severities.map((severity) => [severity, topic(severity)]));
  }
}
