import type { ErrorObject } from 'ajv';
import type { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonObject } from '../../../contract/json.ts';
import { schemaValidator } from '../../../input/schema-validator.ts';
import type { Range } from '../tree/range.ts';
import { describe, get, type Tree, toJsonObject } from '../tree/tree.ts';
import { type Reader, takes } from './key-table.ts';

let shared: Ajv2020 | null = null;

/** Mistakes that the meta-schema cannot see and only compiling finds; compiling each of 500 schemas would take longer than all the rest. */
const needsCompiling = /"(\$ref|\$dynamicRef|\$id|\$anchor|\$defs|nullable|discriminator|pattern|patternProperties)":/;

/** A JSON Schema 2020-12. */
export const jsonSchema: Reader<JsonObject> = takes({ type: 'object' }, (value, reading, key) => {
  if (value.kind !== 'map') {
    reading.say('BAD_TYPE', value.range, `"${key}" is a JSON Schema (a mapping), but this is ${describe(value)}`);
    return null;
  }
  const schema = toJsonObject(value);
  shared ??= schemaValidator();
  try {
    if (shared.validateSchema(schema) === false) {
      for (const error of deepestErrors(shared.errors ?? [])) {
        const { range, path } = find(value, error.instancePath);
        reading.say('BAD_SCHEMA', range, `"${key}" is not a JSON Schema: ${path} ${inWords(error)}`);
      }
      return null;
    }
    if (needsCompiling.test(JSON.stringify(schema))) shared.compile(schema);
    return schema;
  } catch (fault) {
    // Ajv throws only for schemas: an unknown $ref or $schema, an empty enum.
    const message = fault instanceof Error ? fault.message : String(fault);
    const dialect = get(value, '$schema');
    const at = /meta-schema|no schema with key/.test(message)
      ? dialect
      : findText(value, /reference (\S+)|regular expression: \/(.*)\/u?:/s.exec(message)?.slice(1).find(Boolean));
    const hint = at !== null && at === dialect ? '; leave "$schema" out, JSON Schema 2020-12 is meant' : '';
    reading.say('BAD_SCHEMA', (at ?? value).range, `"${key}" is not a JSON Schema that can be used: ${message}${hint}`);
    return null;
  }
});

/** For each place the error that says most; `anyOf` around it adds nothing. At most five: the rest follows from them. */
const deepestErrors = (errors: readonly ErrorObject[]): ErrorObject[] => {
  const byPlace = new Map<string, ErrorObject>();
  for (const error of errors)
    if (!byPlace.has(error.instancePath) || byPlace.get(error.instancePath)?.keyword === 'anyOf')
      byPlace.set(error.instancePath, error);
  const places = [...byPlace.keys()];
  return [...byPlace.values()]
    .filter(
      (error) => !places.some((place) => place !== error.instancePath && place.startsWith(`${error.instancePath}/`)),
    )
    .slice(0, 5);
};

const inWords = (error: ErrorObject): string => {
  const allowed: unknown = error.schema;
  return error.keyword === 'enum' && Array.isArray(allowed)
    ? `must be equal to one of the allowed values: ${allowed.join(', ')}`
    : (error.message ?? 'is wrong');
};

/** The tree at a JSON pointer, or the nearest enclosing one. */
const find = (root: Tree, pointer: string): { range: Range; path: string } => {
  let tree = root;
  const segments = pointer
    .split('/')
    .slice(1)
    .map((s) => s.replaceAll('~1', '/').replaceAll('~0', '~'));
  for (const segment of segments) {
    const next = tree.kind === 'list' ? (tree.items[Number(segment)] ?? null) : get(tree, segment);
    if (next === null) break;
    tree = next;
  }
  return { range: tree.range, path: segments.length === 0 ? 'it' : segments.join('.') };
};

const findText = (tree: Tree, text: string | undefined): Tree | null => {
  if (text === undefined) return null;
  if (tree.kind === 'scalar') return tree.value === text ? tree : null;
  const inner = tree.kind === 'list' ? tree.items : [...tree.entries.values()].map((entry) => entry.value);
  for (const child of inner) {
    const found = findText(child, text);
    if (found) return found;
  }
  return null;
};
