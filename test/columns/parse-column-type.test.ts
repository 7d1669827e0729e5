import { describe, expect, test } from 'vitest';
import { renderColumnType } from '../../lib/columns/column-type.ts';
import { parseColumns, renderColumns } from '../../lib/columns/columns.ts';
import { parseColumnType } from '../../lib/columns/parse-column-type.ts';
import { errorNames } from '../../lib/contract/error-names.ts';

describe('a column type is read as DuckDB writes it, and has one spelling', () => {
  test.each([
    ['VARCHAR', 'VARCHAR'],
    [' bigint ', 'BIGINT'],
    ['Decimal( 18 , 2 )', 'DECIMAL(18,2)'],
    ['INTEGER[]', 'INTEGER[]'],
    ['double [ ] []', 'DOUBLE[][]'],
    ['struct(a varchar,b decimal(38,0)[])', 'STRUCT(a VARCHAR, b DECIMAL(38,0)[])'],
    [
      'STRUCT("two words" DATE, "q""q" TIMESTAMP, "plain" BOOLEAN)[]',
      'STRUCT("two words" DATE, "q""q" TIMESTAMP, plain BOOLEAN)[]',
    ],
    ['STRUCT(a STRUCT(b STRUCT(c DOUBLE)))', 'STRUCT(a STRUCT(b STRUCT(c DOUBLE)))'],
  ])('%s is %s', (text, spelling) => {
    expect(renderColumnType(parseColumnType(text))).toBe(spelling);
    expect(renderColumnType(parseColumnType(spelling))).toBe(spelling);
  });
});

describe('a text that is not a column type is refused with the reason and the allowed types', () => {
  test.each([
    ['', 'it ends too early'],
    ['TEXT', '"TEXT" is not a type here'],
    ['VARCHAR(20)', '"(" is too much'],
    ['DECIMAL', '"(" is missing before the end'],
    ['DECIMAL(18)', '"," is missing before ")"'],
    ['DECIMAL(39,2)', 'the precision is 1 to 38, not 39'],
    ['DECIMAL(0,0)', 'the precision is 1 to 38, not 0'],
    ['DECIMAL(2,3)', 'the scale 3 is greater than the precision 2'],
    ['DECIMAL(a,3)', '"a" is not a number'],
    ['INTEGER[', '"]" is missing before the end'],
    ['INTEGER[3]', '"]" is missing before "3"'],
    ['STRUCT()', 'a field\'s name is missing before ")"'],
    ['STRUCT(a)', '")" is not a type here'],
    ['STRUCT(a DATE', '")" is missing before the end'],
    ['STRUCT(a DATE, A DATE)', 'the column "A" occurs twice'],
    ['STRUCT("" DATE)', "cannot be a column's name"],
    ['BIGINT BIGINT', '"BIGINT" is too much'],
    [`INTEGER${'[]'.repeat(17)}`, 'lists stand in lists more than 16 deep'],
    [`STRUCT(a INTEGER${'[]'.repeat(10)})${'[]'.repeat(7)}`, 'lists stand in lists more than 16 deep'],
    [`${'STRUCT(a '.repeat(33)}INTEGER${')'.repeat(33)}`, 'it is nested more than 32 deep'],
  ])('%j: %s', (text, reason) => {
    expect(() => parseColumnType(text)).toThrow(
      expect.objectContaining({ name: errorNames.permanent, message: expect.stringContaining(reason) }),
    );
    expect(() => parseColumnType(text)).toThrow(
      'VARCHAR, BIGINT, INTEGER, DOUBLE, BOOLEAN, DATE, TIMESTAMP, DECIMAL(p,s), STRUCT(name TYPE, ...) and TYPE[]',
    );
  });
});

describe('columns', () => {
  test('keep the order of their declaration', () => {
    expect(Object.entries(renderColumns(parseColumns('d', { b: 'date', a: 'double' })))).toEqual([
      ['b', 'DATE'],
      ['a', 'DOUBLE'],
    ]);
  });

  test.each([
    [{}, 'dataset "orders": it has no columns'],
    [{ a: 'DATE', A: 'DATE' }, 'dataset "orders": the column "A" occurs twice'],
    [{ a: 'DATE', ['__proto__']: 'DATE' }, 'dataset "orders": "__proto__" cannot be'],
    [{ total: 'MONEY' }, 'dataset "orders", column "total": "MONEY" is not a column type'],
  ])('%j is refused: %s', (columns, message) => {
    expect(() => parseColumns('orders', columns as Record<string, string>)).toThrow(message);
  });
});
