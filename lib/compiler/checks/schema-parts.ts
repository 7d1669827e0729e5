import { isObject, type Json, type JsonObject } from '../../contract/json.ts';

/** Where a schema stands in the value that it describes: a default of a property is filled in, one below a condition never is. */
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
/** The same, but it is open whether the schema holds, so no default below is filled in. */
export const conditional: readonly string[] = ['anyOf', 'oneOf', 'not', 'if', 'contains', 'propertyNames'];

/** Every schema in a JSON Schema, itself first. Values that look like schemas (`default`, `enum`, `const`, `examples`) are none. */
export function* schemaParts(
  schema: Json | undefined,
  path: readonly (string | number)[] = [],
  use: DefaultUse = 'not here',
): Generator<SchemaPart> {
  if (!isObject(schema)) return;
  yield { schema, path, use };
  const below = use === 'never below' ? use : 'not here';
  for (const [keyword, value] of Object.entries(schema)) {
    if (maps.includes(keyword) && isObject(value)) {
      const inside = keyword === 'properties' && below !== 'never below' ? 'filled in' : below;
      for (const [name, one] of Object.entries(value)) yield* schemaParts(one, [...path, keyword, name], inside);
    }
    const inside = conditional.includes(keyword) ? 'never below' : plain.includes(keyword) ? below : null;
    if (inside === null) continue;
    if (Array.isArray(value))
      for (const [index, one] of value.entries()) yield* schemaParts(one, [...path, keyword, index], inside);
    else yield* schemaParts(value, [...path, keyword], inside);
  }
}
