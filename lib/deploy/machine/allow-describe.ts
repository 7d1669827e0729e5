import { Policy } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { acknowledgeWildcards, type Grant, statementOf } from '../function/grant.ts';
import type { RuntimeFunction } from '../function/runtime-function.ts';

/**
 * Lets a function ask whether an execution of this machine still runs. The policy stands beside the function's role: inside it, role, function and
 * state machine would depend on each other in a circle. Whatever starts the machine should wait for it.
 */
export function allowDescribe(scope: Construct, stateMachine: StateMachine, { role }: RuntimeFunction): Policy {
  const grant: Grant = {
    actions: ['states:DescribeExecution'],
    resources: [
      Stack.of(scope).formatArn({
        service: 'states',
        resource: 'execution',
        resourceName: `${stateMachine.stateMachineName}:*`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    ],
    because: 'any execution of this one machine: their names are not known before',
  };
  const policy = new Policy(scope, 'AsksForExecutions', { statements: [statementOf(grant)], roles: [role] });
  acknowledgeWildcards(policy, [grant]);
  return policy;
}
