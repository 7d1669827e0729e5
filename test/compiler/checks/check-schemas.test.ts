import { expect, test } from 'vitest';
import { checkSchemas } from '../../../lib/compiler/checks/check-schemas.ts';
import { slowTest } from '../../support/sized.ts';
import { parse } from '../template/parse.ts';

const found = (schema: string): string[] => {
  const { template, codes } = parse(
    `name: p\ninput_schema: ${schema}\nsteps: [{ name: a, handler: a, result_schema: ${schema} }]\n`,
  );
  expect(codes).toEqual([]);
  const said: string[] = [];
  if (template)
    checkSchemas(template, ({ code, span, message }) => said.push(`${code} ${span.line}:${span.column} ${message}`));
  return said;
};

test('a format that does not exist is an error at its place, in both schemas', () => {
  expect(found('{ properties: { a: { format: dat } } }')).toEqual([
    'BAD_SCHEMA 2:44 there is no format "dat"; did you mean "date"?',
    'BAD_SCHEMA 3:76 there is no format "dat"; did you mean "date"?',
  ]);
  expect(found('{ items: { format: currency } }')[0]).toContain('there are date, time, date-time');
});

test('an empty list of values is an error', () => {
  expect(found('{ properties: { a: { enum: [] } } }')[0]).toBe(
    'BAD_SCHEMA 2:42 "enum" is an empty list, which allows no value',
  );
});

test('names that only look like formats are let alone', () => {
  expect(
    found('{ properties: { format: { type: string } }, examples: [{ format: x }], enum: [{ format: y }] }'),
  ).toEqual([]);
  expect(found('{ properties: { a: { format: date-time }, b: { format: uuid }, c: { format: email } } }')).toEqual([]);
});

slowTest('a pattern that some text keeps busy without an end is an error', { timeout: 60_000 }, () => {
  const said = found('{ properties: { a: { pattern: "^(a+)+$" } } }');
  expect(said).toHaveLength(2);
  expect(said[0]).toMatch(/^BAD_SCHEMA 2:45 the pattern "\^\(a\+\)\+\$" takes longer than a second/);
  expect(found('{ patternProperties: { "^x-": {}, "^[a-z]+$": {} } }')).toEqual([]);
});
