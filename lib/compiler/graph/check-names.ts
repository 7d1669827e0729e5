import type { Report } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { StepTemplate, Template } from '../template/template.ts';

/** Reports names that two steps have; gives each name's first step. */
export function checkNames(template: Template, report: Report): ReadonlyMap<string, StepTemplate> {
  const unique = new Map<string, StepTemplate>();
  for (const step of template.steps) {
    const first = unique.get(step.name);
    if (!first) {
      unique.set(step.name, step);
      continue;
    }
    const related = { message: 'first defined here', span: template.at(['steps', first.index, 'name']) };
    const message = `there are two steps with the name "${step.name}"; rename one`;
    report(makeDiagnostic('DUPLICATE_STEP', template.at(['steps', step.index, 'name']), message, related));
  }
  return unique;
}
