import type { Diagnostic } from '../../diagnostics/diagnostic.ts';

/** Compiler warnings that make a deployment impossible. */
const undeployable: ReadonlySet<string> = new Set(['DEFINITION_TOO_LARGE', 'TOO_MANY_FUNCTIONS']);

/** True for a diagnostic with which nothing can be deployed. */
export function hinders({ severity, code }: Diagnostic): boolean {
  return severity === 'error' || undeployable.has(code);
}
