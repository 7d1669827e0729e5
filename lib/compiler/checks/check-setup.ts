import type { Report } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Template } from '../template/template.ts';

/** Reports a `local.setup` that names no file: every offline run would fail there. */
export function checkSetup(
  { localSetup, at }: Template,
  project: { exists(path: string): boolean; readonly allowMissingHandlers: boolean },
  report: Report,
): void {
  if (localSetup === null || project.exists(localSetup)) return;
  const message = `the module of "local.setup" is looked for in ${localSetup}, which does not exist; create it, or correct the path`;
  const diagnostic = makeDiagnostic('SETUP_NOT_FOUND', at(['local', 'setup']), message);
  report(project.allowMissingHandlers ? { ...diagnostic, severity: 'warning' } : diagnostic);
}
