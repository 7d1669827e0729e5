import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { CompiledTemplate } from './compile/compiled-template.ts';
import { Pipeline, type PipelineProps } from './pipeline.ts';

export interface PipelineStackProps extends StackProps {
  readonly pipeline: PipelineProps & { readonly template: CompiledTemplate };
}

/** A pipeline in a separate stack. */
export class PipelineStack extends Stack {
  readonly pipeline: Pipeline;

  constructor(scope: Construct, id: string, { pipeline, ...props }: PipelineStackProps) {
    const { namespace, name, version } = pipeline.template.plan;
    super(scope, id, { description: `Daybreak pipeline ${namespace}/${name} ${version}`, ...props });
    // Logical ids of the pipeline have no name of this level.
    this.pipeline = new Pipeline(this, 'Default', pipeline);
    this.addStackDependency(Stack.of(pipeline.store));
  }
}
