import { expect, test } from 'vitest';
import type { Json } from '../../../lib/contract/json.ts';
import { plain, sameCell, sameJson } from '../../../lib/testing/units/same-value.ts';

type Case = readonly [expected: Json, actual: unknown, type: string, tolerance?: number];

const same: readonly Case[] = [
  [10, '10.00', 'DECIMAL(18,2)'],
  ['10.0', '10.00', 'DECIMAL(18,2)'],
  ['9007199254740993', 9_007_199_254_740_993n, 'BIGINT'],
  [0, '-0.00', 'DECIMAL(18,2)'],
  ['1e3', 1000, 'DOUBLE'],
  [0.33, 1 / 3, 'DOUBLE', 0.01],
  ['-12.50', '-12.5', 'DECIMAL(4,2)'],
  ['2026-01-31T10:00:00Z', '2026-01-31T10:00:00.000Z', 'TIMESTAMP'],
  ['2026-01-31T12:00:00+02:00', '2026-01-31T10:00:00.000Z', 'TIMESTAMP'],
  ['2026-01-31', '2026-01-31', 'DATE'],
  [null, null, 'VARCHAR'],
  [['a', null], ['a', null], 'VARCHAR[]'],
  [{ a: 1 }, { a: 1 }, 'STRUCT(a INTEGER)'],
  [true, true, 'BOOLEAN'],
];

const other: readonly Case[] = [
  ['9007199254740992', 9_007_199_254_740_993n, 'BIGINT'],
  [0.33, 1 / 3, 'DOUBLE'],
  [0.33, 1 / 3, 'DOUBLE', 0.001],
  [0, null, 'INTEGER'],
  [null, 0, 'INTEGER'],
  ['10', '10.00', 'VARCHAR'],
  ['', null, 'VARCHAR'],
  ['2026-01-31T10:00:00Z', '2026-01-31T10:00:01.000Z', 'TIMESTAMP'],
  [{ a: 1 }, { a: 1, b: 2 }, 'STRUCT(a INTEGER, b INTEGER)'],
  [['a'], ['a', 'b'], 'VARCHAR[]'],
  ['NaN', 1, 'DOUBLE'],
];

test.each(same.map((one) => ({ one })))('$one.0 equals $one.1 as $one.2', ({ one }) => {
  const [expected, actual, type, tolerance = 0] = one;
  expect(sameCell(expected, actual, type, tolerance)).toBe(true);
});

test.each(other.map((one) => ({ one })))('$one.0 is another value than $one.1 as $one.2', ({ one }) => {
  const [expected, actual, type, tolerance = 0] = one;
  expect(sameCell(expected, actual, type, tolerance)).toBe(false);
});

test('of a result only the named keys count, at every depth, and names of every object are no keys', () => {
  const named = { tolerance: 0, named: true };
  expect(sameJson({ a: { b: 1 } }, { a: { b: 1, c: 2 }, d: 3 }, named)).toBe(true);
  expect(sameJson({ a: { b: 1 } }, { a: { c: 2 } }, named)).toBe(false);
  expect(sameJson({ toString: 1 }, {}, named)).toBe(false);
  expect(sameJson([1], [1, 2], named)).toBe(false);
  expect(sameJson({ a: 0.5 }, { a: 0.52 }, { tolerance: 0.05, named: true })).toBe(true);
  expect(plain({ a: 1n, b: undefined })).toEqual({ a: '1' });
});
