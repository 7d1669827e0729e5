import type { Json } from '../../contract/json.ts';

/**
 * Template data in the form in which a definition passes it on unchanged. Otherwise two things would be taken for instructions: a string in `{% %}` (JSONata)
 * and `${Name}` (CloudFormation replaces it, in keys too). Both become JSONata string literals with the dangerous character escaped.
 */
export function literal(value: Json): Json {
  if (typeof value === 'string') return isTaken(value) ? expression(value) : value;
  if (Array.isArray(value)) return value.map(literal);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value);
  if (entries.some(([key]) => key.includes('${'))) return expression(value);
  return Object.fromEntries(entries.map(([key, item]) => [key, literal(item)]));
}

/** Step Functions refuses a definition with half an expression: text that begins with `{%` or ends with `%}` alone. */
const isTaken = (text: string): boolean => text.includes('${') || /^\s*\{%|%\}\s*$/.test(text);

/** JSON is JSONata, so the value's JSON is an expression for it; `$`, `%` and `{` are written as escapes inside its strings. */
function expression(value: Json): string {
  const text = JSON.stringify(value).replace(/"(?:[^"\\]|\\.)*"/g, (string) =>
    string.replace(/[$%{}]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`),
  );
  return `{% ${text} %}`;
}
