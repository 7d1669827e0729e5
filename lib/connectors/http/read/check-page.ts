import { ValidationError } from '../../../contract/errors.ts';
import { ExactNumber } from '../../../exact/exact-number.ts';
import type { Schema, SchemaIssue } from './http-source.ts';

/** Returns a page as its schema gives it. Throws a ValidationError that names each place that does not fit. */
export function checkPage<Body>(schema: Schema<Body>, json: unknown, what: string): Body {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const violations = parsed.error.issues.map((issue) => violation(issue, json));
  throw new ValidationError(`${what} does not have the agreed form:`, violations);
}

function violation({ path, message }: SchemaIssue, json: unknown): string {
  return `${pathText(path)}: ${message}${hintFor(valueAt(json, path))}`;
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text.replace(/^\./, '') || 'the answer';
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  let value = json;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Readonly<Record<PropertyKey, unknown>>)[part];
  }
  return value;
}

/** Explains a misfit that surprises authors: a number of JSON can be something other than a JavaScript number. */
function hintFor(value: unknown): string {
  if (value instanceof ExactNumber)
    return ` (${value} has more digits than a number of JavaScript holds, so it is an ExactNumber: let the schema take z.custom(isAnyNumber))`;
  if (typeof value === 'bigint')
    return ` (${value} is beyond 2^53, so it is a bigint: let the schema take z.union([z.int(), z.bigint()]))`;
  return '';
}
