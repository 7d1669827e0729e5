import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../lib/contract/json.ts';
import { violationsAt, violationsOf } from '../../lib/input/json-schema.ts';
import { isMultipleOf } from '../../lib/input/multiple-of.ts';
import { slowTest } from '../support/sized.ts';

const names = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf', '__defineGetter__'];

describe('names of Object.prototype are ordinary property names', () => {
  test.each(names)('%s: required, its default, its type, and an unknown key', (name) => {
    expect(violationsOf({ required: [name] }, {})).toEqual([`/${name}: missing; must be given`]);
    expect(violationsOf({ required: [name] }, { [name]: 1 })).toEqual([]);
    const value: Json = {};
    expect(violationsOf({ properties: { [name]: { type: 'integer', default: 7 } } }, value)).toEqual([]);
    expect(Object.entries(value)).toEqual([[name, 7]]);
    expect(violationsOf({ properties: { [name]: { type: 'integer' } } }, { [name]: 'x' })).toEqual([
      `/${name}: "x" must be integer`,
    ]);
    expect(violationsOf({ type: 'object', additionalProperties: false }, { [name]: 1 })).toHaveLength(1);
    expect(violationsOf({ dependentRequired: { [name]: ['b'] } }, {})).toEqual([]);
  });

  test('properties that are not evaluated are found among them', () => {
    const schema = {
      anyOf: [{ properties: { a: true }, required: ['a'] }, { properties: { b: true } }],
      unevaluatedProperties: false,
    };
    expect(violationsOf(schema, { b: 1 })).toEqual([]);
    expect(violationsOf(schema, { b: 1, constructor: 2 })).toEqual([
      '/constructor: unknown key; no keys are allowed here',
    ]);
  });

  test('objects with such keys are compared by content', () => {
    expect(violationsOf({ enum: [{ valueOf: 1 }] }, { valueOf: 1 })).toEqual([]);
    expect(violationsOf({ const: { valueOf: 1 } }, { valueOf: 2 })).toHaveLength(1);
    expect(
      violationsOf({ uniqueItems: true }, [
        { a: 1, valueOf: 2 },
        { valueOf: 2, a: 1 },
      ]),
    ).toHaveLength(1);
    expect(violationsOf({ uniqueItems: true }, [{ constructor: 1 }, { constructor: 2 }, 1, '1', [1]])).toEqual([]);
  });
});

describe('multipleOf counts in decimals', () => {
  test.each([
    [0.07, 0.01, true],
    [1.13, 0.01, true],
    [19.99, 0.01, true],
    [143.48, 0.01, true],
    [1.135, 0.01, false],
    [-19.99, 0.01, true],
    [0, 0.3, true],
    [1e300, 1e-300, true],
    [1e300, 7, false],
    [1.5e-7, 5e-8, true],
    [4.35, 0.1, false],
    [9007199254740991, 3, false],
  ])('%d is a multiple of %d: %s', (value, of, expected) => {
    expect(isMultipleOf(value, of)).toBe(expected);
    expect(violationsOf({ multipleOf: of }, value)).toEqual(
      expected ? [] : [`/: ${value} must be a multiple of ${of}`],
    );
  });

  test('a whole number of cents is one, any other number of tenths of cents is not', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (tenths) => {
        const text = `${tenths < 0 ? '-' : ''}${String(Math.abs(tenths))
          .padStart(4, '0')
          .replace(/(\d{3})$/, '.$1')}`;
        expect(isMultipleOf(Number(text), 0.01)).toBe(tenths % 10 === 0);
      }),
    );
  });
});

test('days and times that do not exist are refused', () => {
  for (const day of ['2026-02-30', '2025-02-29', '2026-13-01', '2026-1-1'])
    expect(violationsOf({ format: 'date' }, day)).toEqual([`/: "${day}" must be a date such as "2026-01-31"`]);
  expect(violationsOf({ format: 'date' }, '2024-02-29')).toEqual([]);
  for (const time of ['2026-02-30T00:00:00Z', '2026-02-28T24:00:00Z', '2026-02-28T01:00:00'])
    expect(violationsOf({ format: 'date-time' }, time)).toHaveLength(1);
});

test('defaults are filled in at any depth, and never shared', () => {
  const schema = { properties: { d: { type: 'object', default: {}, properties: { x: { default: [{ y: 1 }] } } } } };
  const [first, second]: [Json, Json] = [{}, {}];
  expect(violationsOf(schema, first)).toEqual([]);
  expect(violationsOf(schema, second)).toEqual([]);
  expect(first).toEqual({ d: { x: [{ y: 1 }] } });
  (first.d as { x: Json[] }).x.push(2);
  expect(second).toEqual({ d: { x: [{ y: 1 }] } });
  expect(schema.properties.d.properties.x.default).toEqual([{ y: 1 }]);
});

slowTest('a pattern that would take years ends after seconds, and the error names it', { timeout: 60_000 }, () => {
  const found = violationsOf({ properties: { a: { pattern: '^(a+)+$' } } }, { a: `${'a'.repeat(60)}!` });
  expect(found).toEqual([expect.stringContaining('the pattern "^(a+)+$" is at work on 61 characters')]);
});

test('a part of a schema uses the definitions of the whole', () => {
  const schema = {
    $defs: { day: { type: 'string', format: 'date' } },
    properties: { 'a/b': { properties: { d: { $ref: '#/$defs/day' } } } },
  };
  expect(violationsAt(schema, ['properties', 'a/b', 'properties', 'd'], 'x')).toEqual([
    '/: "x" must be a date such as "2026-01-31"',
  ]);
});
