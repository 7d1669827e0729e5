import { isObject, type Json, type JsonObject } from '../../contract/json.ts';

/** The part of the value that a schema describes. Defaults of properties are filled in; defaults below a condition never are. */
export type DefaultUse = 'filled in' | 'not here' | 'never below';

/** A schema inside of a schema, or the whole. */
export interface SchemaPart {
  readonly schema: JsonObject;
  readonly path: readonly (string | number)[];
  readonly use: DefaultUse;
}

/** Keywords whose values are mappings of names to schemas. */
const maps = ['properties', 'patternProperties', '$defs', 'dependentSchemas'];
/** Keywords whose values are schemas, or lists of schemas. */
const plain = [
  'items',
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'prefixItems',
  'allOf',
  'then',
  'else',
];
/** The same, but the schema may not apply, so no default below is filled in. */
export const conditional: readonly string[] = ['anyOf', 'oneOf', 'not', 'if', 'contains', 'propertyNames'];

/** Every schema in a JSON Schema, itself first. Values that look like schemas (`default`, `enum`, `const`, `examples`) are none. */
export function* schemaParts(
  schema: Json | undefined,
  path: readonly (string | number)[] = [],
  use: DefaultUse = 'not here',
): Generator<SchemaPart> {
  if (!isObject(schema)) return;
  yield { schema, path, use };
  for (const [keyword, value] of Object.entries(schema)) {
    const inside = useBelow(keyword, use);
    if (inside === null) continue;
    for (const [at, one] of partsOf(keyword, value)) yield* schemaParts(one, [...path, keyword, ...at], inside);
  }
}

/** The part of the value that the schemas below a keyword describe; null if there are none. */
function useBelow(keyword: string, use: DefaultUse): DefaultUse | null {
  if (conditional.includes(keyword)) return 'never below';
  if (!maps.includes(keyword) && !plain.includes(keyword)) return null;
  if (use === 'never below') return use;
  return keyword === 'properties' ? 'filled in' : 'not here';
}

/** The schemas that are the value of a keyword, with their paths in it. */
function partsOf(keyword: string, value: Json): (readonly [path: readonly (string | number)[], schema: Json])[] {
  if (maps.includes(keyword)) return isObject(value) ? Object.entries(value).map(([name, one]) => [[name], one]) : [];
  return Array.isArray(value) ? value.map((one, index) => [[index], one]) : [[[], value]];
}
