import { createHash } from 'node:crypto';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** The longest name that Step Functions accepts. */
const longest = 80;

/**
 * Returns the name of a pipeline's state machine, from the name that its alarms begin with. The name is fixed, so that roles can name the machine before it exists.
 * A later change would replace the machine with its whole history.
 */
export function machineName(name: string): string {
  if (name.length <= longest) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, longest - 9)}-${digest}`;
}

const arnOf = (scope: Construct, resource: string, resourceName: string): string =>
  Stack.of(scope).formatArn({ service: 'states', resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });

/** Returns the ARN of a state machine of this stack, without a reference to the machine. Its functions' roles need the ARN, and the machine needs the functions. */
export function machineArn(scope: Construct, name: string): string {
  return arnOf(scope, 'stateMachine', machineName(name));
}

/** Returns the ARN pattern of all executions of a state machine of this stack. */
export function executionArns(scope: Construct, name: string): string {
  return arnOf(scope, 'execution', `${machineName(name)}:*`);
}
