import type { Report } from '../../diagnostics/diagnostic.ts';
import { firstHints } from '../../diagnostics/did-you-mean.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { StepTemplate, Template } from '../template/template.ts';

/** Reports dependencies that are unknown, repeated, or the step itself. Returns the others of each step, sorted, in the template's order of steps. */
export function checkDependencies(
  template: Template,
  unique: ReadonlyMap<string, StepTemplate>,
  report: Report,
): Map<string, readonly string[]> {
  const known = new Map<string, readonly string[]>();
  const hint = firstHints(100);
  for (const step of template.steps) {
    const seen = new Map<string, number>();
    for (const [position, name] of step.dependencies.entries()) {
      const placeOf = (at: number) => template.at(['steps', step.index, 'dependencies', at]);
      const say = (code: 'UNKNOWN_STEP' | 'SELF_DEPENDENCY' | 'DUPLICATE_DEPENDENCY', message: string): void => {
        const first = seen.get(name);
        const related = first === undefined ? undefined : { message: 'first listed here', span: placeOf(first) };
        report(makeDiagnostic(code, placeOf(position), message, related));
      };
      if (seen.has(name))
        say('DUPLICATE_DEPENDENCY', `step "${step.name}" lists the dependency "${name}" twice; remove one`);
      else if (name === step.name)
        say('SELF_DEPENDENCY', `step "${step.name}" depends on itself; remove the dependency`);
      else if (!unique.has(name)) {
        const near = hint(name, others(unique, step.name));
        say('UNKNOWN_STEP', `step "${step.name}" depends on "${name}", which is not a step${near}`);
      } else {
        seen.set(name, position);
        continue;
      }
      if (!seen.has(name)) seen.set(name, position);
    }
    if (unique.get(step.name) === step)
      known.set(step.name, [...seen.keys()].filter((name) => name !== step.name && unique.has(name)).sort());
  }
  return known;
}

function* others(steps: ReadonlyMap<string, StepTemplate>, name: string): Generator<string> {
  for (const other of steps.keys()) if (other !== name) yield other;
}
