import type { Json } from '../../contract/json.ts';
import type { Report } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { knownFormats } from '../../input/schema-validator.ts';
import { slowTextFor } from '../../input/slow-text-for.ts';
import type { Template } from '../template/template.ts';
import { schemaParts } from './schema-parts.ts';

type Path = readonly (string | number)[];

/**
 * Reports useless and harmful parts of a template's schemas: formats that do not exist, so that every value fits; empty lists of values, so that none fits; and patterns
 * that some texts keep busy without an end, which would hold up every start.
 */
export function checkSchemas(template: Template, report: Report): void {
  const schemas: (readonly [Json, Path])[] = [
    [template.inputSchema, ['input_schema']],
    ...template.steps.map(({ resultSchema, index }) => [resultSchema, ['steps', index, 'result_schema']] as const),
  ];
  const say = (path: Path, message: string): void => report(makeDiagnostic('BAD_SCHEMA', template.at(path), message));
  for (const [whole, root] of schemas)
    for (const { schema, path } of schemaParts(whole)) {
      const { format, pattern, patternProperties, enum: values } = schema;
      if (typeof format === 'string' && !knownFormats.includes(format)) {
        const hint = didYouMean(format, knownFormats) || `; there are ${knownFormats.join(', ')}`;
        say([...root, ...path, 'format'], `there is no format ${JSON.stringify(format)}${hint}`);
      }
      if (Array.isArray(values) && values.length === 0)
        say([...root, ...path, 'enum'], '"enum" is an empty list, which allows no value');
      if (typeof pattern === 'string') reportSlow(pattern, [...root, ...path, 'pattern'], say);
      for (const name of Object.keys(patternProperties ?? {}))
        reportSlow(name, [...root, ...path, 'patternProperties', name], say);
    }
}

function reportSlow(pattern: string, path: Path, say: (path: Path, message: string) => void): void {
  const slow = slowTextFor(pattern);
  if (slow === null) return;
  const text = `a text of ${slow.length} characters that begins ${JSON.stringify(slow.slice(0, 12))}`;
  say(
    path,
    `the pattern ${JSON.stringify(pattern)} takes longer than a second on ${text}; write it so that a text matches in one way only`,
  );
}
