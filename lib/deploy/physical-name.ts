import { Names, type Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** Returns the stack's name, for names of resources. The name of a nested stack is known only to a deployment; there it is a unique name of the construct. */
export function physicalStackName(scope: Construct, { stackName }: Stack): string {
  return Token.isUnresolved(stackName) ? Names.uniqueResourceName(scope, { maxLength: 40, separator: '-' }) : stackName;
}
