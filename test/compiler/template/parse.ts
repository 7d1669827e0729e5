import { checkGraph } from '../../../lib/compiler/graph/check-graph.ts';
import type { Graph } from '../../../lib/compiler/graph/graph.ts';
import { parseTemplate } from '../../../lib/compiler/template/parse-template.ts';
import type { StepTemplate, Template } from '../../../lib/compiler/template/template.ts';
import type { Diagnostic } from '../../../lib/diagnostics/diagnostic.ts';

/** A template read for a test, with all that was reported. */
export interface Parsed {
  readonly template: Template | null;
  readonly found: readonly Diagnostic[];
  /** `CODE line:column`, in order. */
  readonly codes: readonly string[];
}

/** Reads a template. */
export function parse(text: string, environment: string | null = null): Parsed {
  const found: Diagnostic[] = [];
  const template = parseTemplate({ file: 'p.yaml', text }, { environment }, (d) => found.push(d));
  return { template, found, codes: found.map((d) => `${d.code} ${d.span.line}:${d.span.column}`) };
}

/** Reads a template that has to be without fault. */
export function parseGood(text: string, environment: string | null = null): Template {
  const { template, found } = parse(text, environment);
  if (template === null || found.length > 0) throw new Error(`not good: ${JSON.stringify(found, null, 1)}`);
  return template;
}

/** Reads and checks the graph; every handler file exists unless its path has "missing" in it. */
export function parseAndCheck(text: string, allowMissingHandlers = false): Parsed & { readonly graph: Graph | null } {
  const found: Diagnostic[] = [];
  const template = parseTemplate({ file: 'p.yaml', text }, {}, (d) => found.push(d));
  const options = {
    handlerExists: (entry: string) => !entry.includes('missing'),
    handlerFiles: ['lambdas/steps/p/extract-orders.ts'],
    allowMissingHandlers,
  };
  const graph = template && checkGraph(template, options, (d) => found.push(d));
  return { template, graph, found, codes: found.map((d) => `${d.code} ${d.span.line}:${d.span.column}`) };
}

/** The first step of a pipeline `p` whose step `a` has the given keys. */
export function stepWith(keys: string): { step: StepTemplate | undefined; parsed: Parsed } {
  const parsed = parse(`name: p\nsteps:\n  - name: a\n    handler: a\n${keys.replace(/^/gm, '    ')}\n`);
  return { step: parsed.template?.steps[0], parsed };
}
