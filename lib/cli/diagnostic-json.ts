import type { JsonObject } from '../contract/json.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** A diagnostic as `--json` prints it: flat, with the position of its first character. */
export function diagnosticJson({ code, severity, message, span, related }: Diagnostic): JsonObject {
  return {
    code,
    severity,
    message,
    file: span.file,
    line: span.line,
    column: span.column,
    ...(related && {
      related: {
        message: related.message,
        file: related.span.file,
        line: related.span.line,
        column: related.span.column,
      },
    }),
  };
}
