import type { Diagnostic } from './diagnostic.ts';

/** Sorts diagnostics by position, each once: an anchor that ten steps use is wrong in one position. Diagnostics at one position keep their order. */
export function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const once = new Map(diagnostics.map((d) => [`${d.span.line}:${d.span.column} ${d.code} ${d.message}`, d]));
  return [...once.values()].sort((a, b) => a.span.line - b.span.line || a.span.column - b.span.column);
}
