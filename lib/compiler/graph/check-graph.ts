import type { Diagnostic, Report } from '../../diagnostics/diagnostic.ts';
import { inOrder } from '../../diagnostics/in-order.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Template } from '../template/template.ts';
import { buildGraph } from './build-graph.ts';
import { checkDependencies } from './check-dependencies.ts';
import { checkHandlers, type HandlerFiles } from './check-handlers.ts';
import { checkNames } from './check-names.ts';
import { findCycles } from './find-cycles.ts';
import type { Graph } from './graph.ts';

/** The facts about the project that the graph's checks need. */
export interface GraphOptions extends HandlerFiles {
  /** Missing handler files are warnings: for templates whose handlers are elsewhere. */
  readonly allowMissingHandlers: boolean;
}

/** Checks a template's steps against each other and against the handler files. Reports all mistakes, in the order of the text. Returns the graph, or null if the steps do not form one. */
export function checkGraph(template: Template, options: GraphOptions, report: Report): Graph | null {
  const found: Diagnostic[] = [];
  const graph = check(template, options, (diagnostic) => found.push(diagnostic));
  for (const diagnostic of inOrder(found)) report(diagnostic);
  return graph;
}

const check = (template: Template, options: GraphOptions, report: Report): Graph | null => {
  if (template.steps.length === 0) {
    report(makeDiagnostic('NO_STEPS', template.at(['steps']), 'the pipeline has no steps; it needs at least one'));
    return null;
  }
  const unique = checkNames(template, report);
  const known = checkDependencies(template, unique, report);
  checkHandlers(template, options, report);
  const cycles = findCycles(known);
  for (const cycle of cycles) reportCycle(template, cycle, report);
  if (cycles.length > 0) return null;
  const complete = unique.size === template.steps.length;
  return complete ? buildGraph(known) : null;
};

const reportCycle = (template: Template, cycle: readonly string[], report: Report): void => {
  const [first = '', second = first] = cycle;
  const step = template.steps.find(({ name }) => name === first);
  const position = step?.dependencies.indexOf(second) ?? 0;
  const place = template.at(['steps', step?.index ?? 0, 'dependencies', position]);
  const path = [...cycle, first].map((name) => `"${name}"`).join(' on ');
  report(
    makeDiagnostic('CYCLE', place, `steps depend on each other in a circle: ${path}; remove one of these dependencies`),
  );
};
