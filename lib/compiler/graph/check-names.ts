import type { Report } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { StepTemplate, Template } from '../template/template.ts';

/** Reports names that two steps share, without regard to case: queries and some disks ignore it. Returns each name's first step. */
export function checkNames(template: Template, report: Report): ReadonlyMap<string, StepTemplate> {
  const unique = new Map<string, StepTemplate>();
  const folded = new Map<string, StepTemplate>();
  for (const step of template.steps) {
    const first = folded.get(step.name.toLowerCase());
    // Steps that depend on either name find it.
    if (!unique.has(step.name)) unique.set(step.name, step);
    if (!first) {
      folded.set(step.name.toLowerCase(), step);
      continue;
    }
    const related = { message: 'first defined here', span: template.at(['steps', first.index, 'name']) };
    const message =
      first.name === step.name
        ? `there are two steps with the name "${step.name}"; rename one`
        : `the steps "${first.name}" and "${step.name}" differ only in case, which queries ignore; rename one`;
    report(makeDiagnostic('DUPLICATE_STEP', template.at(['steps', step.index, 'name']), message, related));
  }
  return unique;
}
