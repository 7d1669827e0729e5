import type { Json } from '../../contract/json.ts';
import type { Report } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { slowTextFor } from '../../input/slow-text-for.ts';
import type { Template } from '../template/template.ts';

type Path = readonly (string | number)[];

/** Reports patterns of schemas that take for ever on some texts: one such input would hold up every start. */
export function checkPatterns(template: Template, report: Report): void {
  const schemas: (readonly [Json, Path])[] = [
    [template.inputSchema, ['input_schema']],
    ...template.steps.map(({ resultSchema, index }) => [resultSchema, ['steps', index, 'result_schema']] as const),
  ];
  for (const [schema, root] of schemas)
    for (const { pattern, path } of patternsIn(schema, root)) {
      const slow = slowTextFor(pattern);
      if (slow === null) continue;
      const message = `the pattern ${JSON.stringify(pattern)} takes longer than a second on a text of ${slow.length} characters that begins ${JSON.stringify(slow.slice(0, 12))}; write it so that a text matches in one way only`;
      report(makeDiagnostic('BAD_SCHEMA', template.at(path), message));
    }
}

function* patternsIn(schema: Json, path: Path): Generator<{ readonly pattern: string; readonly path: Path }> {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [key, value] of Object.entries(schema)) {
    const inner = [...path, Array.isArray(schema) ? Number(key) : key];
    if (key === 'pattern' && typeof value === 'string') yield { pattern: value, path: inner };
    if (key === 'patternProperties' && typeof value === 'object' && value !== null)
      for (const pattern of Object.keys(value)) yield { pattern, path: [...inner, pattern] };
    // Under these stand values, not schemas.
    if (!['default', 'const', 'enum', 'examples'].includes(key)) yield* patternsIn(value, inner);
  }
}
