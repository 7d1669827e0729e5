import { createHash } from 'node:crypto';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** Step Functions takes 80 characters. */
const longest = 80;

/**
 * The name of a stack's state machine: the stack's own name, which people know from the console. It is fixed, so that roles can name the machine
 * before it exists, and because a later change of it would replace the machine with all of its history.
 */
export function machineName(stack: Stack): string {
  const name = stack.stackName;
  if (name.length <= longest) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, longest - 9)}-${digest}`;
}

const arnOf = (scope: Construct, resource: string, resourceName: string): string =>
  Stack.of(scope).formatArn({ service: 'states', resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });

/** The ARN of the stack's state machine, without a reference to the machine itself: its functions' roles need it, and the machine needs them. */
export function machineArn(scope: Construct): string {
  return arnOf(scope, 'stateMachine', machineName(Stack.of(scope)));
}

/** The ARN pattern of all executions of the stack's state machine. */
export function executionArns(scope: Construct): string {
  return arnOf(scope, 'execution', `${machineName(Stack.of(scope))}:*`);
}
