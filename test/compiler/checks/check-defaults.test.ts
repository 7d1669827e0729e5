import { expect, test } from 'vitest';
import { checkDefaults } from '../../../lib/compiler/checks/check-defaults.ts';
import { parse } from '../template/parse.ts';

const found = (schema: string): string[] => {
  const { template } = parse(`name: p\nsteps: [{ name: a, handler: a }]\ninput_schema:\n  ${schema}\n`);
  const codes: string[] = [];
  if (template) checkDefaults(template, ({ code, span }) => codes.push(`${code} ${span.line}:${span.column}`));
  return codes;
};

test.each([
  ['properties: { a: { type: integer, default: five } }', ['BAD_DEFAULT 4:46']],
  ['properties: { a: { type: integer, default: 5 } }', []],
  ['properties: { a: { format: date, default: 2026-02-30 } }', ['BAD_DEFAULT 4:45']],
  ['properties: { a: { properties: { b: { enum: [x], default: y } } } }', ['BAD_DEFAULT 4:61']],
  ['{ $defs: { d: { type: string } }, properties: { a: { $ref: "#/$defs/d", default: 1 } } }', ['BAD_DEFAULT 4:84']],
  ['properties: { a: { required: [b], properties: { b: { default: 1 } }, default: {} } }', []],
  ['properties: { default: { type: integer, default: 1 } }', []],
])('%s: %j', (schema, codes) => expect(found(schema)).toEqual(codes));

test.each([
  'default: {}',
  'properties: { a: { items: { default: 1 } } }',
  'properties: { a: { anyOf: [{ properties: { b: { default: 1 } } }] } }',
  'properties: { a: { not: { properties: { b: { default: 1 } } } } }',
  '{ $defs: { d: { default: 1 } }, properties: { a: { $ref: "#/$defs/d" } } }',
  'additionalProperties: { default: 1 }',
])('the default in %s is never applied', (schema) => {
  expect(found(schema)).toEqual([expect.stringMatching('NO_EFFECT')]);
});

test.each(['const: { default: 1 }', 'examples: [{ default: 1 }]', 'default: { default: 1 }'])(
  'a value is no schema: %s',
  (schema) => expect(found(schema).length).toBeLessThan(2),
);
