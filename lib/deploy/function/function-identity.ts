import type { Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type Grant, roleWith } from './grant.ts';

/** Long enough to examine last month's failures; the records of a run stay in the store. */
export const defaultLogRetention = RetentionDays.ONE_MONTH;

/** The settings that all identities of a pipeline share. */
export interface IdentitySettings {
  readonly logRetention: RetentionDays;
  /** Grants that every function needs: for its network and for the key of its variables. */
  readonly always: readonly Grant[];
}

/**
 * The identity of a function: its role and its log group. Functions with equal permissions share one. The role has only the given grants, the log group and
 * X-Ray.
 */
export class FunctionIdentity extends Construct {
  readonly role: Role;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, grants: readonly Grant[], settings: IdentitySettings) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: settings.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = roleWith(this, 'Role', {
      principal: 'lambda.amazonaws.com',
      grants: [
        ...grants,
        ...settings.always,
        { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [this.logGroup.logGroupArn] },
        {
          actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
          resources: ['*'],
          because: 'X-Ray has no resource-level permissions for writing traces',
        },
      ],
    });
  }
}
