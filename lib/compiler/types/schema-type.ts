import { isObject, type Json, type JsonObject } from '../../contract/json.ts';
import { inBrackets, type Member, objectType, propertyName, quoted, unionOf } from './type-text.ts';
import { literalType } from './value-type.ts';

/** Where a schema stands. */
export interface SchemaPlace {
  /** Of the line in which the type begins. */
  readonly indent: string;
  /** True where a missing property gets its default, so that it is always there. */
  readonly fills: boolean;
  /** The outermost schema: references begin there. */
  readonly root: Json;
  /** References that lead here. */
  readonly above?: readonly string[];
}

/**
 * The type of the values that fit a JSON Schema. A keyword that a type cannot express (`pattern`, `minimum`, `not`) is left out, so every value that fits the schema also has the type. A schema
 * that says nothing of the type is `unknown`.
 */
export function schemaType(schema: Json, place: SchemaPlace): string {
  if (schema === false) return 'never';
  if (!isObject(schema)) return 'unknown';
  const parts = [ownType(schema, place), ...combined(schema, { ...place, fills: false })];
  const known = [...new Set(parts)].filter((type) => bare(type) !== 'unknown');
  if (known.length === 0) return parts.find((type) => type !== 'unknown') ?? 'unknown';
  return known.length === 1 ? (known[0] ?? '') : known.map(inBrackets).join(' & ');
}

const bare = (type: string): string => type.replace(/\s*\/\*.*?\*\//g, '');

/** The types that `allOf`, `anyOf`, `oneOf` and `$ref` add. Their properties get no defaults. */
function combined(schema: JsonObject, place: SchemaPlace): string[] {
  const each = (keyword: string): Json[] => (Array.isArray(schema[keyword]) ? schema[keyword] : []);
  const all = each('allOf').map((one) => schemaType(one, place));
  const some = ['anyOf', 'oneOf'].flatMap((keyword) =>
    each(keyword).length > 0 ? [unionOf(each(keyword).map((one) => bareUnknown(schemaType(one, place))))] : [],
  );
  return [...all, ...some, ...(typeof schema.$ref === 'string' ? [referred(schema.$ref, place)] : [])];
}

const bareUnknown = (type: string): string => (bare(type) === 'unknown' ? 'unknown' : type);

function referred(reference: string, place: SchemaPlace): string {
  const { above = [], root } = place;
  if (above.includes(reference)) return 'unknown /* the schema contains itself */';
  const target = reference === '#' ? root : reference.startsWith('#/') ? pointed(root, reference) : undefined;
  if (target === undefined) return 'unknown /* a reference of another kind than #/... */';
  return schemaType(target, { ...place, above: [...above, reference] });
}

function pointed(root: Json, reference: string): Json | undefined {
  let at: Json | undefined = root;
  for (const segment of decodeURIComponent(reference).slice(2).split('/')) {
    const key = segment.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) at = at[Number(key)];
    else at = isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return at;
}

/** The type by `const`, `enum` and `type`. */
function ownType(schema: JsonObject, place: SchemaPlace): string {
  if (Object.hasOwn(schema, 'const')) return literalType(schema.const ?? null, quoted);
  const types = schema.type === undefined ? null : [schema.type].flat().filter((type) => typeof type === 'string');
  if (Array.isArray(schema.enum)) {
    const fitting = schema.enum.filter((value) => types === null || types.some((type) => isOfType(value, type)));
    return unionOf(fitting.map((value) => literalType(value, quoted)));
  }
  if (types !== null) return unionOf(types.map((type) => typeNamed(type, schema, place)));
  const isShaped = ['properties', 'items', 'prefixItems', 'required'].some((keyword) => Object.hasOwn(schema, keyword));
  return isShaped ? 'unknown /* the schema has no "type" */' : 'unknown';
}

function isOfType(value: Json, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

function typeNamed(type: string, schema: JsonObject, place: SchemaPlace): string {
  if (type === 'object') return typeOfObject(schema, place);
  if (type === 'array') return typeOfArray(schema, place);
  return type === 'integer' ? 'number' : type;
}

function typeOfObject(schema: JsonObject, place: SchemaPlace): string {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  const inner = { ...place, indent: `${place.indent}  ` };
  const members = Object.entries(properties).map(([name, one]): Member => {
    const fields = isObject(one) ? one : {};
    const isFilled = place.fills && Object.hasOwn(fields, 'default');
    return {
      name: `readonly ${propertyName(name)}`,
      type: schemaType(one, inner),
      optional: !required.includes(name) && !isFilled,
      comment: typeof fields.description === 'string' ? fields.description : null,
    };
  });
  const named = required.filter((name) => typeof name === 'string' && !Object.hasOwn(properties, name));
  const needed = named.map((name): Member => ({ name: `readonly ${propertyName(String(name))}`, type: 'unknown' }));
  return objectType([...members, ...needed, ...others(schema, members.length + needed.length, inner)], place.indent);
}

/** The index signature for properties without a name. */
function others(schema: JsonObject, named: number, place: SchemaPlace): Member[] {
  const rest = schema.additionalProperties;
  const isOpen = isObject(schema.patternProperties) && Object.keys(schema.patternProperties).length > 0;
  const name = 'readonly [name: string]';
  if (isOpen || (isObject(rest) && named > 0)) return [{ name, type: 'unknown' }];
  if (isObject(rest)) return [{ name, type: schemaType(rest, { ...place, fills: false }) }];
  return named === 0 && rest !== false ? [{ name, type: 'unknown' }] : [];
}

function typeOfArray(schema: JsonObject, place: SchemaPlace): string {
  const inner = { ...place, fills: false };
  const first = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
  const rest = schemaType(schema.items ?? true, inner);
  if (first.length === 0) return rest === 'never' ? 'readonly []' : `readonly ${inBrackets(rest)}[]`;
  const least = typeof schema.minItems === 'number' ? schema.minItems : 0;
  const items = first.map((item, index) => `${inBrackets(schemaType(item, inner))}${index < least ? '' : '?'}`);
  return `readonly [${[...items, ...(rest === 'never' ? [] : [`...${inBrackets(rest)}[]`])].join(', ')}]`;
}
