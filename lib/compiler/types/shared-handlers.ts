import type { StepTemplate, Template } from '../template/template.ts';

/** A handler's file and export as one text. */
export function handlerKey({ handler }: StepTemplate): string {
  return `${handler.entry}#${handler.export}`;
}

/**
 * The handlers of a pipeline that stand, over some steps between, below themselves: one handler for two steps in a row, for example. The type of such a handler's result cannot be inferred, since
 * it would be made of itself.
 */
export function handlersBelowThemselves(templates: readonly Template[]): ReadonlySet<string> {
  const above = new Map<string, Set<string>>();
  for (const { steps } of templates) {
    const byName = new Map(steps.map((step) => [step.name, step]));
    for (const step of steps) {
      const known = above.get(workKey(step)) ?? new Set();
      for (const dependency of step.dependencies) {
        const other = byName.get(dependency);
        if (other) known.add(workKey(other));
      }
      above.set(workKey(step), known);
    }
  }
  return new Set([...above.keys()].filter((key) => reaches(key, above)));
}

/** An SQL step stops a search: its result does not depend on a handler. */
const workKey = (step: StepTemplate): string => (step.sql ? '' : handlerKey(step));

function reaches(start: string, above: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const seen = new Set<string>();
  const open = [...(above.get(start) ?? [])];
  for (const key of open) {
    if (key === start) return start !== '';
    if (key === '' || seen.has(key)) continue;
    seen.add(key);
    open.push(...(above.get(key) ?? []));
  }
  return false;
}
