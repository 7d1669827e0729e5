import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, describe, expect, test } from 'vitest';
import { connectWithTables, follow, written } from './follow.ts';
import { queries, unknown } from './queries.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await connectWithTables();
});

describe('column lineage', () => {
  test.each(queries)('is what a person reads: $sql', async ({ sql, columns, rows }) => {
    const lineage = await follow(connection, sql);
    expect(lineage.unknown).toBeUndefined();
    expect(lineage.columns.flatMap(({ unknown: reason }) => reason ?? [])).toEqual([]);
    expect(lineage.columns.map(({ name, inputs }) => `${name}: ${written(inputs)}`)).toEqual(columns);
    expect(written(lineage.rows)).toBe(rows);
  });

  test.each(unknown)('is reported as unknown where it cannot be followed: %s', async (sql, reason) => {
    expect(await follow(connection, sql)).toMatchObject({ columns: [], rows: [], unknown: reason });
  });
});
