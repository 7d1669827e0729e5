import type { DuckDBDataChunk } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseColumns } from '../../lib/columns/columns.ts';
import { errorNames } from '../../lib/contract/error-names.ts';
import { queryRows } from '../../lib/data/read/query-rows.ts';
import { guardSql } from '../../lib/duckdb/guard/guard-sql.ts';
import { openEngine } from '../../lib/duckdb/open-engine.ts';
import type { Session } from '../../lib/duckdb/session.ts';
import { sized } from '../support/sized.ts';

let session: Session;
beforeAll(async () => {
  session = await (await openEngine()).session();
});
afterAll(() => session.close());

const columns = parseColumns('d', { id: 'BIGINT' });

/** The chunks of a query, counted as they are taken. */
const counted = (sql: string) => {
  const counter = { chunks: 0, ended: false };
  const chunks = async function* () {
    try {
      for await (const chunk of session.stream(sql)) {
        counter.chunks += 1;
        yield chunk;
      }
    } finally {
      counter.ended = true;
    }
  };
  return { counter, chunks: chunks() };
};

test('a slow reader is never more than two chunks behind the chunks taken from the query', async () => {
  const { counter, chunks } = counted('SELECT range AS id FROM range(100000)');
  let rows = 0;
  for await (const batch of queryRows(chunks, columns, { batchSize: 500 })) {
    expect(batch[0]).toEqual({ id: rows });
    rows += batch.length;
    await new Promise(setImmediate);
    expect(counter.chunks - rows / 2048).toBeLessThanOrEqual(2);
  }
  expect(rows).toBe(100_000);
});

test('a chunk is emptied once its rows are given, so that large chunks do not pile up', async () => {
  const seen: DuckDBDataChunk[] = [];
  const chunks = async function* () {
    for await (const chunk of session.stream('SELECT range AS id FROM range(10000)')) {
      seen.push(chunk);
      yield chunk;
    }
  };
  const rows: unknown[] = [];
  for await (const batch of queryRows(chunks(), columns)) rows.push(...batch);
  expect(rows).toHaveLength(10_000);
  expect(seen.map((chunk) => chunk.rowCount)).toEqual([0, 0, 0, 0, 0]);
});

test('a reader that stops early stops the query', async () => {
  const { counter, chunks } = counted('SELECT range AS id FROM range(10000000)');
  for await (const batch of queryRows(chunks, columns)) {
    expect(batch).toHaveLength(1000);
    break;
  }
  while (!counter.ended) await new Promise(setImmediate);
  expect(counter.chunks).toBeLessThanOrEqual(2);
  expect(await session.all('SELECT 5::INTEGER AS five')).toEqual([{ five: 5 }]);
});

describe("a user's query", () => {
  const read = async (text: string): Promise<number[]> => {
    const query = await session.query(await guardSql(session, { name: 'q', text }, []));
    const ids: number[] = [];
    for await (const batch of queryRows(query.stream(), query.columns)) ids.push(...batch.map(({ id }) => Number(id)));
    return ids;
  };

  test('that fails after many rows is an error, not a short result', async () => {
    const failing = (at: number, to: number): Promise<number[]> =>
      read(`SELECT CASE WHEN range < ${at} THEN range ELSE error('too far') END::BIGINT AS id FROM range(${to})`);
    await expect(failing(9_000, 20_000)).rejects.toThrow(/the query "q".*too far/);
    await expect(failing(sized(200_000, 900_000), sized(400_000, 2_000_000))).rejects.toThrow(/the query "q".*too far/);
    await expect(
      read(
        `SELECT CASE WHEN range < ${sized(200_000, 900_000)} THEN '5' ELSE 'x' END::BIGINT AS id FROM range(2000000)`,
      ),
    ).rejects.toMatchObject({ name: errorNames.validation, message: expect.stringContaining('the query "q"') });
  });

  test.each([
    ['SELECT range AS id FROM range(0)', []],
    ['SELECT range AS id FROM range(3) -- a comment at its end', [0, 1, 2]],
    ['FROM (VALUES (3), (1), (2)) AS numbers(id) ORDER BY id DESC', [3, 2, 1]],
    ['WITH RECURSIVE r(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM r WHERE id < 3) SELECT id FROM r', [1, 2, 3]],
  ])('that is complete gives all its rows in order: %s', async (text, ids) => {
    expect(await read(text)).toEqual(ids);
  });

  test('keeps its order over many chunks', async () => {
    const ids = await read('SELECT (range * 7919) % 1000003 AS id FROM range(300000) ORDER BY id');
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(ids).toHaveLength(300_000);
  });
});
