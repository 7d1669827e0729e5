import { type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ArnFormat, Aws, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { type Grant, roleWith } from '../function/grant.ts';

/** Makes the role of schedules: only EventBridge Scheduler of this account may use it, for schedules of the default group. */
export function schedulerRole(scope: Construct, grants: readonly Grant[]): Role {
  const group = Stack.of(scope).formatArn({
    service: 'scheduler',
    resource: 'schedule-group',
    resourceName: 'default',
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  const principal = new ServicePrincipal('scheduler.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID, 'aws:SourceArn': group } },
  });
  return roleWith(scope, 'Role', { principal, grants });
}
