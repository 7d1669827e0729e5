import { isObject, type Json, type JsonObject } from '../../contract/json.ts';

const byFormat: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T00:00:00Z',
  time: '00:00:00Z',
  email: 'someone@example.com',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

/** Returns the example or default of a schema, or else the plainest value of its type. */
const exampleOf = (schema: Json | undefined): Json => {
  if (!isObject(schema)) return null;
  const { default: preset, examples, const: constant, enum: choices, format, minimum } = schema;
  if (preset !== undefined) return preset;
  if (Array.isArray(examples) && examples[0] !== undefined) return examples[0];
  if (constant !== undefined) return constant;
  if (Array.isArray(choices) && choices[0] !== undefined) return choices[0];
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type ?? (schema.properties ? 'object' : null)) {
    case 'object':
      return exampleInput(schema);
    case 'array':
      return Number(schema.minItems ?? 0) > 0 ? [exampleOf(schema.items)] : [];
    case 'string':
      return (typeof format === 'string' && byFormat[format]) || '...';
    case 'integer':
    case 'number':
      return typeof minimum === 'number' ? minimum : 0;
    case 'boolean':
      return false;
    default:
      return null;
  }
};

/** Returns an example input for people, with exactly the required keys. It may be invalid if a schema has rules beyond types, formats and choices. */
export function exampleInput(schema: JsonObject | null): JsonObject {
  const properties = isObject(schema?.properties) ? schema.properties : {};
  const required = Array.isArray(schema?.required) ? schema.required.map(String) : [];
  return Object.fromEntries(required.map((key) => [key, exampleOf(properties[key])]));
}
