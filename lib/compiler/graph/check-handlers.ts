import type { Report } from '../../diagnostics/diagnostic.ts';
import { nearestName } from '../../diagnostics/did-you-mean.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Template } from '../template/template.ts';

/** The project's files, as far as handlers are concerned. Paths are relative to the project root, with forward slashes. */
export interface HandlerFiles {
  handlerExists(entry: string): boolean;
  /** All files that could be handlers, for proposals. */
  readonly handlerFiles?: readonly string[];
}

/** Comparing thousands of names with thousands of files would take minutes. */
const mostProposals = 100;

/** Reports each step whose handler's file does not exist. */
export function checkHandlers(
  template: Template,
  options: HandlerFiles & { readonly allowMissingHandlers: boolean },
  report: Report,
): void {
  let proposed = 0;
  for (const { index, name, handler } of template.steps) {
    // No entry: the handler could not be resolved, which has been reported.
    if (handler.entry === '' || options.handlerExists(handler.entry)) continue;
    proposed += 1;
    const nearest = proposed > mostProposals ? null : nearestName(handler.entry, options.handlerFiles ?? []);
    const hint = nearest === null ? '; create it, or correct the handler' : `; did you mean ${nearest}?`;
    const message = `the handler of step "${name}" is looked for in ${handler.entry}, which does not exist${hint}`;
    const place = template.at(['steps', index, 'handler', 'callable']);
    const diagnostic = makeDiagnostic('HANDLER_NOT_FOUND', place, message);
    report(options.allowMissingHandlers ? { ...diagnostic, severity: 'warning' } : diagnostic);
  }
}
