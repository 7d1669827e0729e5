import type { Diagnostic, Span } from './diagnostic.ts';
import { type DiagnosticCode, diagnosticCodes } from './diagnostic-codes.ts';

/** A diagnostic with the severity that the table of codes gives it. */
export function makeDiagnostic(
  code: DiagnosticCode,
  span: Span,
  message: string,
  related?: Diagnostic['related'],
): Diagnostic {
  return { code, severity: diagnosticCodes[code].severity, message, span, ...(related && { related }) };
}
