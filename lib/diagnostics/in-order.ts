import type { Diagnostic } from './diagnostic.ts';

/** Sorted by place, each once: an anchor that is used in ten steps is wrong in one place. Those of one place stay in the order given. */
export function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const once = new Map(diagnostics.map((d) => [`${d.span.line}:${d.span.column} ${d.code} ${d.message}`, d]));
  return [...once.values()].sort((a, b) => a.span.line - b.span.line || a.span.column - b.span.column);
}
