import { describe, expect, test } from 'vitest';
import { renderColumnType } from '../../lib/columns/column-type.ts';
import { storedColumns, storedType } from '../../lib/columns/stored-type.ts';

describe('the type that a column of a query is stored as', () => {
  test.each([
    ['VARCHAR', 'VARCHAR'],
    ['DECIMAL(18,2)', 'DECIMAL(18,2)'],
    ['BOOLEAN', 'BOOLEAN'],
    ['DATE', 'DATE'],
    ['TIMESTAMP', 'TIMESTAMP'],
  ])('%s is stored unchanged', (described, stored) => {
    expect(renderColumnType(storedType(described))).toBe(stored);
  });

  test.each([
    ['TINYINT', 'INTEGER'],
    ['USMALLINT', 'INTEGER'],
    ['UINTEGER', 'BIGINT'],
    ['UBIGINT', 'BIGINT'],
    ['HUGEINT', 'BIGINT'],
    ['FLOAT', 'DOUBLE'],
    ['TIMESTAMP WITH TIME ZONE', 'TIMESTAMP'],
    ['TIMESTAMP_MS', 'TIMESTAMP'],
    ["ENUM('a', 'it''s', 'c, d)')", 'VARCHAR'],
    ['UUID', 'VARCHAR'],
    ['JSON', 'VARCHAR'],
    ['INTEGER[3]', 'INTEGER[]'],
  ])('%s is widened to %s', (described, stored) => {
    expect(renderColumnType(storedType(described))).toBe(stored);
  });

  test('looks into lists and structs', () => {
    const described = 'STRUCT("a b" HUGEINT[][], x STRUCT("select" FLOAT, "q""q" ENUM(\'z\'))[2], Ab DECIMAL(5,0))[]';
    expect(renderColumnType(storedType(described))).toBe(
      'STRUCT("a b" BIGINT[][], x STRUCT(select DOUBLE, "q""q" VARCHAR)[], Ab DECIMAL(5,0))[]',
    );
  });

  test.each([
    ['TIMESTAMP_NS', 'write CAST(x AS TIMESTAMP), which drops what is finer than a microsecond'],
    ['TIME', 'write CAST(x AS VARCHAR)'],
    ['TIME WITH TIME ZONE', 'write CAST(x AS VARCHAR)'],
    ['INTERVAL', 'write epoch(x) for seconds'],
    ['BLOB', 'write base64(x)'],
    ['MAP(VARCHAR, INTEGER)', 'write map_entries(x)'],
    ['UNION(k INTEGER, s VARCHAR)', 'write CAST(x AS VARCHAR), or one column per member'],
    ['STRUCT(a BLOB[])[]', 'BLOB cannot be stored in a dataset: write base64(x)'],
    ['STRUCT(INTEGER, INTEGER)', 'the fields of a STRUCT need names'],
    ['STRUCT(DECIMAL(5,2), INTEGER)', 'the fields of a STRUCT need names'],
    ['GEOMETRY', 'GEOMETRY cannot be stored in a dataset: write CAST(x AS VARCHAR)'],
    ['constructor', 'constructor cannot be stored'],
  ])('%s cannot be stored, and the message names the cast', (described, message) => {
    expect(() => storedType(described)).toThrow(message);
  });
});

describe('the columns of a query', () => {
  test('are all checked, and each problem names its column and type', () => {
    const { columns, problems } = storedColumns([
      { name: 'a', type: 'INTEGER' },
      { name: 'b', type: 'INTERVAL' },
      { name: 'c', type: 'STRUCT(x BLOB)' },
    ]);
    expect(columns).toEqual([{ name: 'a', type: { kind: 'INTEGER' } }]);
    expect(problems).toEqual([
      'column "b" is INTERVAL, and INTERVAL cannot be stored in a dataset: write epoch(x) for seconds, or CAST(x AS VARCHAR)',
      'column "c" is STRUCT(x BLOB), and BLOB cannot be stored in a dataset: write base64(x), or decode(x) when it is text',
    ]);
  });

  test('need names that differ in more than upper and lower case', () => {
    const { problems } = storedColumns([
      { name: 'id', type: 'INTEGER' },
      { name: 'ID', type: 'INTEGER' },
    ]);
    expect(problems).toEqual([
      'the result of the query: the column "ID" occurs twice (names ignore case); name each column with AS',
    ]);
  });

  test('may not have fields with equal names', () => {
    expect(storedColumns([{ name: 's', type: 'STRUCT("" INTEGER)' }]).problems).toEqual([
      'column "s" is STRUCT("" INTEGER): "" cannot be a column\'s name in STRUCT("" INTEGER)',
    ]);
  });

  test('may not be nested deeper than the readers allow', () => {
    expect(storedColumns([{ name: 'l', type: `BIGINT${'[]'.repeat(17)}` }]).problems).toEqual([
      `column "l" is BIGINT${'[]'.repeat(17)}: lists stand in lists more than 16 deep`,
    ]);
  });
});
