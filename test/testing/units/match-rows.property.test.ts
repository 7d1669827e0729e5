import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ExpectedDataset } from '../../../lib/compiler/unit-tests/unit-test.ts';
import type { JsonObject } from '../../../lib/contract/json.ts';
import { matchRows } from '../../../lib/testing/units/match-rows.ts';
import { sized } from '../../support/sized.ts';

const span = { file: 'f', line: 1, column: 1, endLine: 1, endColumn: 1 };

function expectedOf(rows: readonly JsonObject[], tolerance: number, ordered = false): ExpectedDataset {
  return { span, ordered, tolerance: new Map([['n', tolerance]]), rows: rows.map((values) => ({ values, span })) };
}

/** The largest number of pairs, by trying everything. */
function mostPairs(expected: readonly number[], actual: readonly number[], tolerance: number): number {
  const [first, ...rest] = expected;
  if (first === undefined) return 0;
  const without = mostPairs(rest, actual, tolerance);
  const taken = actual.flatMap((value, index) =>
    Math.abs(value - first) <= tolerance ? [1 + mostPairs(rest, actual.toSpliced(index, 1), tolerance)] : [],
  );
  return Math.max(without, ...taken);
}

test('as many rows as possible find their equal, in any order, also where a tolerance lets a row equal several', () => {
  const numbers = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 5 });
  fc.assert(
    fc.property(numbers, numbers, fc.integer({ min: 0, max: 2 }), (expected, actual, tolerance) => {
      const rows = actual.map((n) => ({ n, other: 'x' }));
      const wanted = expectedOf(
        expected.map((n) => ({ n })),
        tolerance,
      );
      const { missing, unexpected } = matchRows(wanted, rows, { n: 'INTEGER', other: 'VARCHAR' });
      const pairs = mostPairs(expected, actual, tolerance);
      expect([missing.length, unexpected.length]).toEqual([expected.length - pairs, actual.length - pairs]);
    }),
    { numRuns: sized(300, 3000) },
  );
});

test('two equal rows need two expected ones; only the named columns are looked at', () => {
  const types = { region: 'VARCHAR', n: 'INTEGER' };
  const rows = [
    { region: 'a', n: 1 },
    { region: 'a', n: 2 },
  ];
  const match = (...expected: JsonObject[]) => matchRows(expectedOf(expected, 0), rows, types);
  expect(match({ region: 'a' }, { region: 'a' })).toEqual({ missing: [], unexpected: [] });
  expect(match({ region: 'a' })).toMatchObject({ missing: [], unexpected: [{ n: 2 }] });
  expect(match({ region: 'a', n: 2 }, { region: 'b', n: 1 })).toMatchObject({
    missing: [{ row: { values: { region: 'b' } }, nearest: { row: { n: 1 }, columns: ['region'] } }],
    unexpected: [{ n: 1 }],
  });
});

test('with an order each row has its place', () => {
  const rows = [{ n: 1 }, { n: 2 }];
  const inOrder = (...numbers: number[]) =>
    matchRows(
      expectedOf(
        numbers.map((n) => ({ n })),
        0,
        true,
      ),
      rows,
      { n: 'INTEGER' },
    ).missing.length;
  expect([inOrder(1, 2), inOrder(2, 1), inOrder(1, 2, 3)]).toEqual([0, 2, 1]);
});
