import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Json } from '../contract/json.ts';

/** Describes one violation: the path, the value, and the allowed values. */
export function describeViolation(error: ErrorObject): string {
  const { keyword, params, parentSchema, instancePath, data } = error;
  if (keyword === 'required') {
    const missing = String(params.missingProperty);
    const schema = ownSchema(parentSchema?.properties, missing);
    return `${instancePath}/${pointerPart(missing)}: missing; must be ${expected(schema)}`;
  }
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') {
    const extra = String(params.additionalProperty ?? params.unevaluatedProperty);
    const known = Object.keys(parentSchema?.properties ?? {});
    const allowed = known.length > 0 ? `allowed here: ${known.join(', ')}` : 'no keys are allowed here';
    return `${instancePath}/${pointerPart(extra)}: unknown key; ${allowed}`;
  }
  return `${instancePath || '/'}: ${show(data)} ${rule(error)}`;
}

const ownSchema = (properties: Readonly<Record<string, unknown>> | undefined, name: string): unknown =>
  properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;

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
    case 'multipleOf':
      return `must be a multiple of ${show(schema)}`;
    case 'uniqueItems':
      return 'must have no two equal items';
    default:
      return message ?? `does not fit "${keyword}"`;
  }
}

const formatNames: Readonly<Record<string, string>> = {
  date: 'a date such as "2026-01-31"',
  'date-time': 'a date and time such as "2026-01-31T12:00:00Z"',
  time: 'a time such as "12:00:00Z"',
  email: 'an e-mail address',
  uri: 'a URI such as "https://example.com"',
  uuid: 'a UUID',
};

/** Describes the expected value of a missing property in a few words. */
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

/** Returns a key as a segment of a JSON pointer. */
export function pointerPart(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
