/** JSON Schema 2020-12 as Daybreak uses it: defaults are filled in, and every violation is told with its place, its value and what is allowed. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Json } from '../contract/json.ts';

const cache = new Map<string, ValidateFunction>();

/** Fills defaults into `value` (in place) and gives its violations; none means that it fits. */
export function violationsOf(schema: Json, value: Json): string[] {
  const validate = compiled(schema);
  return validate(value) ? [] : [...new Set((validate.errors ?? []).map(describe))];
}

function compiled(schema: Json): ValidateFunction {
  const key = JSON.stringify(schema);
  const known = cache.get(key);
  if (known) return known;
  // Strictness is the compiler's business: it has seen the schema with its place in the template.
  const ajv = new Ajv2020({ allErrors: true, useDefaults: true, strict: false, verbose: true, validateFormats: true });
  formats.default(ajv);
  const validate = ajv.compile(schema as object);
  cache.set(key, validate);
  return validate;
}

function describe(error: ErrorObject): string {
  const { keyword, params, parentSchema, instancePath, data } = error;
  if (keyword === 'required') {
    const missing = String(params.missingProperty);
    return `${instancePath}/${pointerPart(missing)}: missing; must be ${expected(parentSchema?.properties?.[missing])}`;
  }
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') {
    const extra = String(params.additionalProperty ?? params.unevaluatedProperty);
    const known = Object.keys(parentSchema?.properties ?? {});
    const allowed = known.length > 0 ? `allowed here: ${known.join(', ')}` : 'no keys are allowed here';
    return `${instancePath}/${pointerPart(extra)}: unknown key; ${allowed}`;
  }
  return `${instancePath || '/'}: ${show(data)} ${rule(error)}`;
}

function rule({ keyword, params, message, schema }: ErrorObject): string {
  switch (keyword) {
    case 'enum':
      return `must be one of ${(schema as Json[]).map(show).join(', ')}`;
    case 'const':
      return `must be ${show(schema)}`;
    case 'format':
      return `must be ${formatNames[String(params.format)] ?? `of format "${params.format}"`}`;
    case 'type':
      return `must be ${[params.type].flat().join(' or ')}`;
    default:
      return message ?? `does not fit "${keyword}"`;
  }
}

const formatNames: Record<string, string> = {
  date: 'a date such as "2026-01-31"',
  'date-time': 'a date and time such as "2026-01-31T12:00:00Z"',
  time: 'a time such as "12:00:00Z"',
  email: 'an e-mail address',
  uri: 'a URI such as "https://example.com"',
  uuid: 'a UUID',
};

/** What a missing property should have been, in a few words. */
function expected(schema: unknown): string {
  if (typeof schema !== 'object' || schema === null) return 'given';
  const { type, format, enum: values } = schema as { type?: string | string[]; format?: string; enum?: Json[] };
  if (values) return `one of ${values.map(show).join(', ')}`;
  if (format) return formatNames[format] ?? `of format "${format}"`;
  return type ? [type].flat().join(' or ') : 'given';
}

const longestValue = 80;

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

const pointerPart = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
