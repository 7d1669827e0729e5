import { expect, test } from 'vitest';
import { breakingChanges } from '../../lib/columns/breaking-changes.ts';

const changed = (before: string, after: string | null): boolean =>
  breakingChanges(
    { columns: { a: before }, required: [] },
    { columns: after === null ? { b: before } : { a: after, b: 'VARCHAR' }, required: [] },
  ).length > 0;

test('a wider type and a new column break no reader', () => {
  const fine = [
    ['INTEGER', 'BIGINT'],
    ['INTEGER', 'DOUBLE'],
    ['INTEGER', 'DECIMAL(12,2)'],
    ['BIGINT', 'DECIMAL(19,0)'],
    ['DECIMAL(10,2)', 'DECIMAL(12,4)'],
    ['STRUCT(a INTEGER)', 'STRUCT(b VARCHAR, a BIGINT)'],
    ['INTEGER[]', 'BIGINT[]'],
    ['DATE', 'DATE'],
  ] as const;
  expect(fine.filter(([before, after]) => changed(before, after))).toEqual([]);
});

test('a column that is gone, and a type that does not hold every value of the old one, break readers', () => {
  const broken = [
    ['BIGINT', 'INTEGER'],
    ['BIGINT', 'DOUBLE'],
    ['BIGINT', 'DECIMAL(20,2)'],
    ['INTEGER', 'DECIMAL(9,0)'],
    ['DECIMAL(10,2)', 'DECIMAL(10,3)'],
    ['DECIMAL(10,2)', 'DOUBLE'],
    ['DOUBLE', 'DECIMAL(38,10)'],
    ['VARCHAR', 'BIGINT'],
    ['BIGINT', 'VARCHAR'],
    ['DATE', 'TIMESTAMP'],
    ['STRUCT(a INTEGER, b VARCHAR)', 'STRUCT(a INTEGER)'],
    ['BIGINT[]', 'INTEGER[]'],
    ['VARCHAR', null],
  ] as const;
  expect(broken.filter(([before, after]) => !changed(before, after))).toEqual([]);
});

test('a check that forbids nulls may come, and may not go', () => {
  const columns = { id: 'BIGINT' };
  const [free, required] = [
    { columns, required: [] },
    { columns, required: ['id'] },
  ];
  expect(breakingChanges(free, required)).toEqual([]);
  expect(breakingChanges(required, free)).toEqual([
    { column: 'id', kind: 'nullable', before: 'BIGINT', after: 'BIGINT' },
  ]);
});
