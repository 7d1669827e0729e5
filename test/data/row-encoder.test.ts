import { describe, expect, test } from 'vitest';
import { parseColumns } from '../../lib/columns/columns.ts';
import { errorNames } from '../../lib/contract/error-names.ts';
import { rowEncoder } from '../../lib/data/encode/row-encoder.ts';

/** The JSON text of a value in a column of this type; nothing for null, which is left out. */
const encode = (type: string, value: unknown): string => {
  const line = rowEncoder('d', parseColumns('d', { c: type }))({ c: value }, 1);
  return line.slice('{"c":'.length, -'}\n'.length);
};

const reasonOf = (type: string, value: unknown): string => {
  try {
    return `accepted: ${encode(type, value)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

describe('a valid value becomes JSON that DuckDB reads as exactly this value', () => {
  test.each<[string, unknown, string]>([
    ['VARCHAR', 'grüße "€" \n\u{1f600}', '"grüße \\"€\\" \\n\u{1f600}"'],
    ['VARCHAR', null, ''],
    ['VARCHAR', undefined, ''],
    ['BIGINT', 9007199254740991, '9007199254740991'],
    ['BIGINT', -0, '0'],
    ['BIGINT', 5n, '5'],
    ['BIGINT', '0012', '12'],
    ['BIGINT', '+7', '7'],
    ['BIGINT', 9007199254740993n, '9007199254740993'],
    ['BIGINT', '-9223372036854775808', '-9223372036854775808'],
    ['BIGINT', 2n ** 63n - 1n, '9223372036854775807'],
    ['INTEGER', -2147483648, '-2147483648'],
    ['INTEGER', 2147483647n, '2147483647'],
    ['INTEGER', -0, '0'],
    ['DOUBLE', 0.1, '0.1'],
    ['DOUBLE', -0, '-0.0'],
    ['DOUBLE', 5e-324, '5e-324'],
    ['BOOLEAN', false, 'false'],
    ['DATE', '2024-02-29', '"2024-02-29"'],
    ['DATE', '0001-01-01', '"0001-01-01"'],
    ['TIMESTAMP', new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ['TIMESTAMP', '2026-01-31T12:00:00+01:00', '"2026-01-31T11:00:00.000Z"'],
    ['TIMESTAMP', '2026-01-31 12:00:00.5-0530', '"2026-01-31T17:30:00.500Z"'],
    ['TIMESTAMP', '2026-01-31T00:00Z', '"2026-01-31T00:00:00.000Z"'],
    ['TIMESTAMP', '2026-01-31T00:00:00.123000Z', '"2026-01-31T00:00:00.123000Z"'],
    ['TIMESTAMP', '2026-01-31T00:00:00.1234560+00:00', '"2026-01-31T00:00:00.123456Z"'],
    ['TIMESTAMP', '1899-12-31 23:59:59.000001-01:00', '"1900-01-01T00:59:59.000001Z"'],
    ['TIMESTAMP', '2026-01-31T00:00:00Z', '"2026-01-31T00:00:00Z"'],
    ['DECIMAL(18,2)', '12.5', '"12.50"'],
    ['DECIMAL(18,2)', '-12', '"-12.00"'],
    ['DECIMAL(18,2)', '+007.100', '"7.10"'],
    ['DECIMAL(18,2)', 0.1, '"0.10"'],
    ['DECIMAL(18,2)', 1234567.89, '"1234567.89"'],
    ['DECIMAL(18,2)', 7n, '"7.00"'],
    ['DECIMAL(18,2)', '-0.00', '"0.00"'],
    ['DECIMAL(18,2)', '1.25e2', '"125.00"'],
    ['DECIMAL(10,8)', 1e-7, '"0.00000010"'],
    ['DECIMAL(38,0)', 1e21, '"1000000000000000000000"'],
    ['DECIMAL(3,0)', '999', '"999"'],
    ['DECIMAL(2,2)', '0.99', '"0.99"'],
    ['INTEGER[]', [1, null, undefined, 2], '[1,null,null,2]'],
    ['INTEGER[]', [], '[]'],
    ['STRUCT(a INTEGER, b DECIMAL(4,1))', { b: '1' }, '{"a":null,"b":"1.0"}'],
    ['STRUCT(a DATE)[][]', [[{ a: '2026-01-01' }], null], '[[{"a":"2026-01-01"}],null]'],
  ])('%s of %o', (type, value, text) => {
    expect(encode(type, value)).toBe(text);
  });
});

describe('an invalid value is refused with the value and the reason', () => {
  test.each<[string, unknown, string]>([
    ['VARCHAR', 5, '5 does not fit VARCHAR: it is not a string'],
    ['VARCHAR', 'a\ud800', 'it holds half a surrogate pair'],
    ['VARCHAR', 'a\0', 'it holds a NUL character'],
    ['BIGINT', 9007199254740992, 'give it as a bigint or a string of digits'],
    ['BIGINT', 1.5, 'give it as a bigint'],
    ['BIGINT', '1.0', '"1.0" does not fit BIGINT: it is not an integer'],
    ['BIGINT', '', 'it is not an integer'],
    ['BIGINT', 2n ** 63n, '9223372036854775808n does not fit BIGINT: it is not between'],
    ['INTEGER', 2147483648, 'it is not between'],
    ['INTEGER', '5', 'it is not an integer'],
    ['INTEGER', Number.NaN, 'NaN does not fit INTEGER'],
    ['DOUBLE', Number.NaN, 'it is not finite'],
    ['DOUBLE', Number.NEGATIVE_INFINITY, 'it is not finite'],
    ['DOUBLE', '1', 'it is not a number'],
    ['BOOLEAN', 1, 'it is not true or false'],
    ['DATE', '2026-02-30', 'it is not a day'],
    ['DATE', '2026-1-1', 'it is not a day'],
    ['DATE', '0000-01-01', 'it is not a day'],
    ['DATE', new Date(0), '1970-01-01T00:00:00.000Z does not fit DATE: a day is given as a string'],
    ['TIMESTAMP', '2026-01-31T12:00:00', 'its time zone is missing'],
    ['TIMESTAMP', '2026-01-31', 'its time zone is missing'],
    ['TIMESTAMP', '2026-02-30T12:00:00Z', 'it is not a moment'],
    ['TIMESTAMP', '2026-01-31T24:00:00Z', 'it is not a moment'],
    ['TIMESTAMP', '2026-01-31T12:00:00.1234567Z', 'it is finer than a microsecond'],
    ['TIMESTAMP', new Date(Number.NaN), 'an invalid Date does not fit TIMESTAMP'],
    ['TIMESTAMP', new Date(8.64e15), 'its year is not between 1 and 9999'],
    ['TIMESTAMP', '9999-12-31T23:59:59-01:00', 'its year is not between 1 and 9999'],
    ['TIMESTAMP', '0001-01-01T00:00:00+01:00', 'its year is not between 1 and 9999'],
    ['TIMESTAMP', 0, 'it is not a moment'],
    ['DECIMAL(18,2)', '12.345', '"12.345" does not fit DECIMAL(18,2): it has more than 2 digits after the point'],
    ['DECIMAL(18,2)', 0.1 + 0.2, '0.30000000000000004 does not fit DECIMAL(18,2): it has more than 2 digits after'],
    ['DECIMAL(4,2)', '100', 'it has more than 2 digits before the point'],
    ['DECIMAL(2,2)', '1.00', 'it has more than 0 digits before the point'],
    ['DECIMAL(4,2)', '12,5', 'it is not a decimal number'],
    ['DECIMAL(4,2)', ' 1', 'it is not a decimal number'],
    ['DECIMAL(4,2)', Number.NaN, 'it is not a decimal number'],
    ['DECIMAL(4,2)', '1e9999', 'it is not a decimal number'],
    ['DECIMAL(4,2)', {}, 'a decimal is given as a string'],
    ['INTEGER[]', 5, 'it is not an array'],
    ['INTEGER[]', [1, 'x'], 'column "c" at [1]: "x" does not fit INTEGER[]: it is not an integer'],
    ['STRUCT(a INTEGER)', [1], 'it is not an object'],
    [
      'STRUCT(a INTEGER)',
      { a: 1, b: 2 },
      'column "c" at .b: 2 does not fit STRUCT(a INTEGER): the field "b" is not declared',
    ],
    ['STRUCT(a DECIMAL(3,1))[]', [{ a: '1' }, { a: '0.55' }], 'column "c" at [1].a: "0.55"'],
  ])('%s of %o: %s', (type, value, reason) => {
    expect(reasonOf(type, value)).toContain(reason);
    expect(reasonOf(type, value)).not.toContain('accepted');
  });
});

describe('rows', () => {
  const encodeRow = rowEncoder('orders', parseColumns('orders', { id: 'BIGINT', total: 'DECIMAL(18,2)', day: 'DATE' }));

  test('have their columns in the declared order, for any order of the object, and leave out nulls', () => {
    expect(encodeRow({ day: '2026-01-31', id: 1 }, 1)).toBe('{"id":1,"day":"2026-01-31"}\n');
  });

  test('with wrong values name dataset, row, and every wrong column with its value', () => {
    expect(() => encodeRow({ id: 'x', total: '1.005', extra: true }, 42)).toThrow(
      expect.objectContaining({
        name: errorNames.validation,
        message: [
          'dataset "orders", row 42 does not fit:',
          '- column "extra": true: the column is not declared',
          '- column "id": "x" does not fit BIGINT: it is not an integer',
          '- column "total": "1.005" does not fit DECIMAL(18,2): it has more than 2 digits after the point',
        ].join('\n'),
      }),
    );
  });

  test('do not read inherited properties', () => {
    const columns = parseColumns('d', { constructor: 'VARCHAR', toString: 'VARCHAR' });
    expect(rowEncoder('d', columns)({}, 1)).toBe('{}\n');
  });

  test.each([[null], [[1]], ['text'], [5]])('%j is not a row', (row) => {
    expect(() => encodeRow(row as unknown as Record<string, unknown>, 1)).toThrow('is not a row');
  });
});
