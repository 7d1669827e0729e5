import type { JsonObject } from '../../contract/json.ts';
import { emptyValue } from '../template/keys/empty-value.ts';
import type { Key, KeyTable } from '../template/keys/key-table.ts';
import { pipelineKeys } from '../template/keys/pipeline-keys.ts';
import { conflictsOf } from './key-conflicts.ts';
import { stepsDoSomething } from './steps-do-something.ts';

/** Editors know this dialect best. */
const dialect = 'http://json-schema.org/draft-07/schema#';

/**
 * The JSON Schema of a template, for editors: made of the compiler's own tables of keys. Every template that compiles fits it. It finds unknown and missing keys, values of the wrong form, values
 * that are given twice, and keys that this version does not support; the rest (graph, queries, expressions) is the compiler's.
 */
export function templateSchema(): JsonObject {
  const definitions: JsonObject = {};
  const of = (table: KeyTable): JsonObject => {
    const name = table.of.replace(/^an? /, '').replaceAll('"', '');
    if (!Object.hasOwn(definitions, name)) {
      definitions[name] = {};
      definitions[name] = mappingSchema(table, of);
    }
    return { $ref: `#/definitions/${encodeURIComponent(name)}` };
  };
  return {
    $schema: dialect,
    title: 'A pipeline of Daybreak',
    ...mappingSchema(pipelineKeys, of),
    if: { required: ['steps'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: stepsDoSomething('steps'),
    else: stepsDoSomething('step_templates'),
    definitions,
  };
}

/** The schema as the text of a file. */
export function schemaText(): string {
  return `${JSON.stringify(templateSchema(), null, 2)}\n`;
}

type Of = (table: KeyTable) => JsonObject;

/** The schema of a mapping whose keys are those of a table. */
function mappingSchema(table: KeyTable, of: Of): JsonObject {
  const properties = Object.fromEntries(table.keys.map((key) => [key.name, keySchema(key, of)]));
  const needed = table.keys.filter(({ required }) => required).map((key) => givenByAName(key, table));
  const rules = [...conflictsOf(table), ...(table.rule ? [table.rule] : [])];
  return {
    type: 'object',
    additionalProperties: false,
    properties,
    ...(needed.length + rules.length > 0 && { allOf: [...needed, ...rules] }),
  };
}

function keySchema(key: Key, of: Of): JsonObject {
  const description = descriptionOf(key);
  // `key:` without a value says nothing.
  if (key.status === 'later') return { description, ...emptyValue };
  if (key.status === 'no effect') return { description, deprecated: true };
  const accepts = (key.shape ?? key.read)?.accepts;
  if (!accepts) throw new Error(`the key "${key.name}" has no schema of the values that it takes`);
  return { description, anyOf: [accepts(of, key.name), { type: 'null' }], ...(key.aliasOf && { deprecated: true }) };
}

function descriptionOf({ means, aliasOf, status, instead }: Key): string {
  const hint = instead === undefined ? '' : `: ${instead}`;
  if (status === 'later') return `${means}. Not supported by this version${hint}`;
  if (status === 'no effect') return `${means}. No effect here${hint}`;
  return aliasOf ? `${means}; another name for ${aliasOf.join('.')}` : means;
}

/** A required key has to be there, by its name or by another one. */
function givenByAName({ name }: Key, table: KeyTable): JsonObject {
  const names = [name, ...table.keys.filter(({ aliasOf }) => aliasOf?.[0] === name).map((key) => key.name)];
  return { anyOf: names.map((one) => ({ required: [one], properties: { [one]: { not: { type: 'null' } } } })) };
}
