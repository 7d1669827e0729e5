import type { Diagnostic, Span } from './diagnostic.ts';
import { type DiagnosticCode, diagnosticCodes } from './diagnostic-codes.ts';

/** Makes a diagnostic with the severity from the table of codes. */
export function makeDiagnostic(
  code: DiagnosticCode,
  span: Span,
  message: string,
  related?: Diagnostic['related'],
): Diagnostic {
  return { code, severity: diagnosticCodes[code].severity, message, span, ...(related && { related }) };
}
