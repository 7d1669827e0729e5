import { expect, test } from 'vitest';
import { parse } from './parse.ts';

const check = (schema: string) => parse(`name: p\nsteps: [{ name: a, handler: a }]\ninput_schema:\n  ${schema}\n`);

test.each([
  ['type: objct', '4:9'],
  ['properties: { a: { type: [string, nul] } }', '4:37'],
  ['required: a', '4:13'],
  ['properties: { a: { minimum: x } }', '4:31'],
  ['properties: { a: { pattern: "[" } }', '4:31'],
  ['properties: { a: { $ref: "#/nowhere" } }', '4:28'],
  ['$schema: http://json-schema.org/draft-07/schema#', '4:12'],
])('%s is BAD_SCHEMA at its place', (schema, place) => {
  expect(check(schema).codes).toEqual([`BAD_SCHEMA ${place}`]);
});

test('keywords of other tools are let alone, as JSON Schema says', () => {
  expect(check('{ type: object, example: { a: 1 }, properties: { a: { x-ui: wide } } }').codes).toEqual([]);
});

test('references inside of the schema resolve', () => {
  expect(check('{ $defs: { d: { type: string } }, properties: { a: { $ref: "#/$defs/d" } } }').codes).toEqual([]);
});

test('two schemas may have the same $id', () => {
  const text =
    'name: p\nsteps:\n  - { name: a, handler: a, result_schema: { $id: "x:y", type: object } }\n  - { name: b, handler: b, result_schema: { $id: "x:y", type: array } }\n';
  expect(parse(text).codes).toEqual([]);
});

test('a schema is a mapping', () => expect(check('- type: object').codes).toEqual(['BAD_TYPE 4:3']));
