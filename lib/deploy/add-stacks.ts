import { type App, Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { PipelinePlan } from '../compiler/plan/plan.ts';
import type { CompiledMachine } from '../compiler/states/emit-machine.ts';
import type { FunctionCode } from './function/bundled-code.ts';
import type { QueryEngineProps } from './function/query-engine.ts';
import { PipelineStack } from './pipeline-stack.ts';
import { SharedStack } from './shared-stack.ts';
import { type StackScope, sharedPart, stackName } from './stack-names.ts';

export interface StacksProps extends QueryEngineProps, StackScope {
  /** Pipelines to deploy. */
  readonly pipelines: readonly { readonly plan: PipelinePlan; readonly machine: CompiledMachine }[];
  /** The names of all pipelines of the project, so that the shared stack does not depend on the deployed subset. */
  readonly allPipelines: readonly string[];
  readonly code: FunctionCode;
  readonly scratch: string;
}

/** Adds the shared stack and one stack per pipeline. Synthesis fails on any cdk-nag finding that has no reason beside it. */
export function addStacks(app: App, props: StacksProps): void {
  const { architecture, layer, code, scratch } = props;
  const shared = new SharedStack(app, stackName(sharedPart, props), { pipelines: props.allPipelines });
  for (const { plan, machine } of props.pipelines) {
    new PipelineStack(app, stackName(plan.name, props), {
      plan,
      machine,
      shared,
      architecture,
      layer,
      code,
      scratch,
    });
  }
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
}
