import { checkGraph } from '../graph/check-graph.ts';
import type { PipelinePlan } from '../plan/plan.ts';
import { planPipeline } from '../plan/plan-pipeline.ts';
import type { Report } from '../source/diagnostic.ts';
import { parseTemplate } from '../template/parse-template.ts';

export interface CompileOptions {
  /** Name of the template's environment whose overrides apply. */
  readonly environment: string | null;
  readonly allowMissingHandlers: boolean;
  /** Whether a handler's file is there; the path is relative to the root, with forward slashes. */
  readonly handlerExists: (entry: string) => boolean;
  /** All files that could be meant, for "did you mean". */
  readonly handlerFiles?: readonly string[];
}

/**
 * The compiler up to the plan, pure: text, template, graph, plan. Mistakes are reported, all that can be found at once; null when there is an error among them.
 * `emitMachine` makes the states language from the plan, once the digests of the handlers' code are known.
 */
export function compilePipeline(
  source: { readonly file: string; readonly text: string },
  options: CompileOptions,
  report: Report,
): PipelinePlan | null {
  let failed = false;
  const watch: Report = (diagnostic) => {
    failed ||= diagnostic.severity === 'error';
    report(diagnostic);
  };
  const template = parseTemplate(source, { environment: options.environment }, watch);
  const graph = template && checkGraph(template, options, watch);
  return template && graph && !failed ? planPipeline(template, graph) : null;
}
