import type { FunctionSharing } from '../../lib/compiler/plan/plan.ts';
import type { StepTemplate } from '../../lib/compiler/template/template.ts';
import { stepTemplate } from '../support/templates.ts';
import { appOf, pipelineOf } from './fixture.ts';

/** A pipeline of handlers in layers, each with its own file and name. */
export function wide(
  steps: number,
  more: (index: number) => Partial<StepTemplate> = () => ({}),
  functions: FunctionSharing | null = null,
) {
  const name = (index: number) => `transform_region_${index}`;
  const templates = Array.from({ length: steps }, (_, i) =>
    stepTemplate(name(i), i < 10 ? [] : [name(i - 10), name(i - 9 < 10 ? i - 10 : i - 9)].sort(), more(i)),
  );
  const pipeline = pipelineOf(templates, { name: 'wide', functions });
  return { app: appOf([pipeline]), machine: pipeline.machine };
}
