import type { StepPlan } from '../../compiler/plan/plan.ts';

/** The steps as a Mermaid flowchart: an arrow per declared dependency, dashed if the machine implements it with a wait. */
export function mermaid(steps: readonly StepPlan[]): string {
  const idOf = new Map(steps.map(({ name }, index) => [name, `s${index}`]));
  const nodes = steps.map(({ name, optional }) => {
    const label = `"${escapeLabel(name)}"`;
    return `  ${idOf.get(name)}${optional ? `([${label}])` : `[${label}]`}`;
  });
  const edges = steps.flatMap((step) => {
    const waited = new Set(step.awaits);
    const all = [...new Set([...step.dependencies, ...step.awaits])];
    return all.map((from) => `  ${idOf.get(from)} ${waited.has(from) ? '-.->' : '-->'} ${idOf.get(step.name)}`);
  });
  return `${['flowchart LR', ...nodes, ...edges].join('\n')}\n`;
}

/** Escapes every special character of a label as `#<code>;`, which Mermaid reads. */
const escapeLabel = (text: string): string =>
  [...text].map((c) => (/[\p{L}\p{N} _.,:()+-]/u.test(c) ? c : `#${c.codePointAt(0)};`)).join('');
