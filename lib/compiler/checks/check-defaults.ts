import type { Report } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { violationsAt } from '../../input/json-schema.ts';
import type { Template } from '../template/template.ts';
import { conditional, schemaParts } from './schema-parts.ts';

/** Reports defaults of the input schema that their own schema rejects, and warns of defaults that are never filled in. */
export function checkDefaults({ inputSchema, at }: Template, report: Report): void {
  if (inputSchema === null) return;
  for (const { schema, path, use } of schemaParts(inputSchema)) {
    if (!Object.hasOwn(schema, 'default') || schema.default === undefined) continue;
    const place = at(['input_schema', ...path, 'default']);
    if (use !== 'filled in') {
      const message = `this default has no effect: defaults are filled in for "properties" alone, and not below ${conditional.join(', ')}`;
      report(makeDiagnostic('NO_EFFECT', place, message));
      continue;
    }
    const [violation] = violationsAt(inputSchema, path, schema.default);
    if (violation === undefined) continue;
    const message = `the default breaks its own schema: ${violation.replace(/^\/: /, '')}`;
    report(makeDiagnostic('BAD_DEFAULT', place, message));
  }
}
