import { createHash } from 'node:crypto';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** The longest name that Step Functions accepts. */
const longest = 80;

/**
 * Returns the name of a stack's state machine: the stack's own name, which people know from the console. The name is fixed, so that roles can name the machine
 * before it exists. A later change would replace the machine with its whole history.
 */
export function machineName(stack: Stack): string {
  const name = stack.stackName;
  if (name.length <= longest) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, longest - 9)}-${digest}`;
}

const arnOf = (scope: Construct, resource: string, resourceName: string): string =>
  Stack.of(scope).formatArn({ service: 'states', resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });

/** Returns the ARN of the stack's state machine, without a reference to the machine. Its functions' roles need the ARN, and the machine needs the functions. */
export function machineArn(scope: Construct): string {
  return arnOf(scope, 'stateMachine', machineName(Stack.of(scope)));
}

/** Returns the ARN pattern of all executions of the stack's state machine. */
export function executionArns(scope: Construct): string {
  return arnOf(scope, 'execution', `${machineName(Stack.of(scope))}:*`);
}
