import type { Json, JsonObject } from '../../contract/json.ts';
import type { Report } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { violationsAt } from '../../input/json-schema.ts';
import type { Template } from '../template/template.ts';

/** Keywords below which defaults are applied: an object gets the defaults of its `properties`, at any depth. */
const reached = ['properties', 'patternProperties', '$defs', 'dependentSchemas'];
const reachedOne = ['items', 'additionalProperties', 'unevaluatedProperties', 'unevaluatedItems', 'then', 'else'];
const reachedAll = ['prefixItems', 'allOf'];

/** Keywords below which no default is applied, since it is open whether the schema holds. */
const unreached = ['anyOf', 'oneOf', 'not', 'if', 'contains', 'propertyNames'];

type Path = readonly (string | number)[];

/** Reports defaults of the input schema that their own schema refuses, and warns of defaults that are never applied. */
export function checkDefaults({ inputSchema, at }: Template, report: Report): void {
  if (inputSchema === null) return;
  const root = ['input_schema'];
  for (const { path, value, applied } of defaultsIn(inputSchema, [], 'nowhere')) {
    const place = at([...root, ...path, 'default']);
    if (!applied) {
      const message = `this default has no effect: defaults are filled in for "properties" alone, and not below ${unreached.join(', ')}`;
      report(makeDiagnostic('NO_EFFECT', place, message));
      continue;
    }
    const [violation] = violationsAt(inputSchema, path, value);
    if (violation === undefined) continue;
    const message = `the default breaks its own schema: ${violation.replace(/^\/: /, '')}`;
    report(makeDiagnostic('BAD_DEFAULT', place, message));
  }
}

interface Default {
  /** Of the schema that has it. */
  readonly path: Path;
  readonly value: Json;
  readonly applied: boolean;
}

/** `here`: whether a default of this schema itself is applied, could be below it, or never is. */
function* defaultsIn(schema: Json, path: Path, here: 'applied' | 'nowhere' | 'never'): Generator<Default> {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return;
  const own = Object.hasOwn(schema, 'default') ? schema.default : undefined;
  if (own !== undefined) yield { path, value: own, applied: here === 'applied' };
  const below = here === 'never' ? 'never' : 'nowhere';
  for (const [keyword, value] of Object.entries(schema)) {
    const inner = [...path, keyword];
    if (reached.includes(keyword) && isObject(value)) {
      const state = keyword === 'properties' && below !== 'never' ? 'applied' : below;
      for (const [name, one] of Object.entries(value)) yield* defaultsIn(one, [...inner, name], state);
    } else if (reachedOne.includes(keyword)) yield* defaultsIn(value, inner, below);
    else if (reachedAll.includes(keyword) && Array.isArray(value))
      for (const [index, one] of value.entries()) yield* defaultsIn(one, [...inner, index], below);
    else if (unreached.includes(keyword))
      for (const [index, one] of [value].flat().entries())
        yield* defaultsIn(one, Array.isArray(value) ? [...inner, index] : inner, 'never');
  }
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
