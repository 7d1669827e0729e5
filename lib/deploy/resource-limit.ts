import { CfnResource, type Stack } from 'aws-cdk-lib/core';

/** CloudFormation's limit per stack. */
const largestResourceCount = 500;

/** Reports that a stack is too large, and the remedy, before the deployment and before the CDK's own bare message. */
export function limitResources(stack: Stack, pipeline: string, stepFunctions: number): void {
  stack.node.addValidation({
    validate: () => {
      const count = stack.node.findAll().filter((node) => CfnResource.isCfnResource(node)).length;
      if (count <= largestResourceCount) return [];
      return [
        `the stack of "${pipeline}" would have ${count} resources, but CloudFormation takes ${largestResourceCount}; ${stepFunctions} functions run its steps. ` +
          'Remove `functions: separate`, or let more steps agree in environment, secrets and permissions (see defaults): steps that do share a function. ' +
          'Or split the pipeline in two.',
      ];
    },
  });
}
