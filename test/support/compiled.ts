import { compilePipeline } from '../../lib/compiler/compile-pipeline.ts';
import type { PipelinePlan } from '../../lib/compiler/plan/plan.ts';
import { type CompiledMachine, emitMachine } from '../../lib/compiler/states/emit-machine.ts';

/** The plan and machine of a template's text, without a check of its handlers. Throws if it has errors. */
export function compiled(text: string): { readonly plan: PipelinePlan; readonly machine: CompiledMachine } {
  const errors: string[] = [];
  const options = { environment: null, handlerExists: () => true, allowMissingHandlers: false };
  const plan = compilePipeline({ file: 'pipelines/p.yaml', text }, options, (found) => {
    if (found.severity === 'error') errors.push(found.message);
  });
  if (!plan) throw new Error(errors.join('\n'));
  return { plan, machine: emitMachine(plan, () => 'code') };
}
