import { ManagedPolicy, type Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledgeWildcards, type Grant, roleWith, statementOf } from '../function/grant.ts';
import type { RuntimeFunction } from '../function/runtime-function.ts';

/**
 * The number of function ARNs (about 115 characters each) that fit into a role's inline policies (10,240 characters) beside the other grants, and into each
 * further policy (6,144 characters, ten per role).
 */
const arnsPerRole = 60;
const arnsPerPolicy = 45;

const invoke = (functions: readonly RuntimeFunction[]): Grant => ({
  actions: ['lambda:InvokeFunction'],
  resources: functions.map(({ fn }) => `${fn.functionArn}:*`),
  because:
    'any version of these functions: executions that run during a deployment continue with the versions they began with',
});

const always: readonly Grant[] = [
  {
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
    resources: ['*'],
    because: 'X-Ray has no resource-level permissions for writing traces',
  },
  {
    actions: [
      'logs:CreateLogDelivery',
      'logs:GetLogDelivery',
      'logs:UpdateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:DescribeResourcePolicies',
      'logs:DescribeLogGroups',
    ],
    resources: ['*'],
    because: 'log delivery of Step Functions has no resource-level permissions',
  },
];

/** Returns the role of a state machine: it may invoke its functions, log and trace. */
export function machineRole(scope: Construct, functions: readonly RuntimeFunction[]): Role {
  const role = roleWith(scope, 'Role', {
    principal: 'states.amazonaws.com',
    grants: [invoke(functions.slice(0, arnsPerRole)), ...always],
  });
  for (let start = arnsPerRole; start < functions.length; start += arnsPerPolicy) {
    const grant = invoke(functions.slice(start, start + arnsPerPolicy));
    const policy = new ManagedPolicy(scope, `InvokesFrom${start}`, { statements: [statementOf(grant)], roles: [role] });
    acknowledgeWildcards(policy, [grant]);
  }
  return role;
}
