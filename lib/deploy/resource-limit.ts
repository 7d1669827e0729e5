import { CfnResource, type Stack } from 'aws-cdk-lib/core';

/** The limit of CloudFormation, per stack. */
const largestResourceCount = 500;

/** Says before the deployment, and before the CDK's own bare message, that a stack is too large and what helps. */
export function limitResources(stack: Stack, pipeline: string, stepFunctions: number): void {
  stack.node.addValidation({
    validate: () => {
      const count = stack.node.findAll().filter((node) => CfnResource.isCfnResource(node)).length;
      if (count <= largestResourceCount) return [];
      const perFunction = 4;
      const room = Math.floor((largestResourceCount - (count - stepFunctions * perFunction)) / perFunction);
      return [
        `the stack of "${pipeline}" would have ${count} resources, but CloudFormation takes ${largestResourceCount}: ` +
          `${stepFunctions} step functions of ${perFunction} resources each, where there is room for ${room}. ` +
          'Steps that agree in handler, timeout, memory_mb, ephemeral_storage_mb, environment, secrets and permissions share one function: ' +
          'let steps use the same handler with different initialization and the same settings (see defaults), or split the pipeline in two.',
      ];
    },
  });
}
