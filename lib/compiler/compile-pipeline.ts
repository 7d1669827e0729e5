import type { AlertSettings } from '../contract/events/alert-settings.ts';
import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import { type NamedTemplate, namedTemplate } from './checks/check-together.ts';
import { checkGraph } from './graph/check-graph.ts';
import type { Graph } from './graph/graph.ts';
import type { PipelinePlan } from './plan/plan.ts';
import { planPipeline } from './plan/plan-pipeline.ts';
import { readQueries, type SqlFiles, type StepQueries } from './sql/read-queries.ts';
import { parseTemplate } from './template/parse-template.ts';
import type { Template } from './template/template.ts';

export interface CompileOptions extends SqlFiles {
  /** Name of the template's environment whose overrides apply. */
  readonly environment: string | null;
  /** True: a template without any environments is the same in every environment. */
  readonly plainInAny?: boolean;
  readonly allowMissingHandlers: boolean;
  /** True if a handler's file exists; the path is relative to the root, with forward slashes. */
  readonly handlerExists: (entry: string) => boolean;
  /** All files that "did you mean" may suggest. */
  readonly handlerFiles?: readonly string[];
}

/** A template, as far as the compiler could understand it; parts behind a mistake are null. */
export interface Analysis {
  readonly template: Template;
  readonly graph: Graph | null;
  /** By step. */
  readonly queries: ReadonlyMap<string, StepQueries>;
}

/** The analysis of a template as it is in the chosen environment, and in each of the others. */
export interface FullAnalysis extends Analysis {
  /** By name. */
  readonly environments: ReadonlyMap<string, Analysis>;
  readonly named: NamedTemplate | null;
}

/**
 * The compiler up to the plan, without side effects: text, template, graph, plan. It reports as many mistakes as it can at once, and returns null if there is an error.
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
  const analysis = analysePipeline(source, options, watch);
  return analysis && !failed ? planAnalysis(analysis) : null;
}

/**
 * The compiler's first half: what the text says, whether the steps form a graph, and the texts of its queries. The environments that are not chosen are held to the same; what is
 * wrong only there is reported once, with the environment's name.
 */
export function analysePipeline(
  source: { readonly file: string; readonly text: string },
  options: CompileOptions,
  report: Report,
): FullAnalysis | null {
  const template = parseTemplate(source, options, report);
  if (!template) return null;
  const once = reportOnce(report);
  const chosen = analyse(template, options, once.chosen);
  const others = [...template.environments].map(
    ([name, other]) => [name, analyse(other, options, once.other(name))] as const,
  );
  return { ...chosen, environments: new Map(others), named: namedTemplate(source.file, template) };
}

const analyse = (template: Template, options: CompileOptions, report: Report): Analysis => ({
  template,
  graph: checkGraph(template, options, report),
  queries: readQueries(template, options, report),
});

/** Two ways to report: for the chosen environment, and for others, whose errors are reported only when they are new. */
export function reportOnce(report: Report): { readonly chosen: Report; other(environment: string): Report } {
  const said = new Set<string>();
  const isNew = (diagnostic: Diagnostic): boolean => {
    const key = JSON.stringify(diagnostic);
    return !said.has(key) && said.add(key) !== undefined;
  };
  return {
    chosen: (diagnostic) => {
      isNew(diagnostic);
      report(diagnostic);
    },
    other: (environment) => (diagnostic) => {
      if (diagnostic.severity === 'error' && isNew(diagnostic))
        report({ ...diagnostic, message: `${diagnostic.message} (in the environment "${environment}")` });
    },
  };
}

/** The compiler's second half, for an analysis without errors. */
export function planAnalysis(
  { template, graph, queries }: Analysis,
  projectAlerts: AlertSettings | null = null,
): PipelinePlan | null {
  const texts = new Map([...queries].map(([step, { queries: own }]) => [step, own]));
  return graph && planPipeline(template, graph, { queries: texts, projectAlerts });
}
