import type { DuckDBDataChunk } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseColumns } from '../../lib/data/columns.ts';
import { queryRows } from '../../lib/data/query-rows.ts';
import { openEngine } from '../../lib/duckdb/open-engine.ts';
import type { Session } from '../../lib/duckdb/session.ts';

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

it('a slow reader is never more than two chunks behind what was taken of the query', async () => {
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

it('a chunk is emptied when its rows were given, so that large ones do not pile up', async () => {
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

it('a reader that stops early stops the query', async () => {
  const { counter, chunks } = counted('SELECT range AS id FROM range(10000000)');
  for await (const batch of queryRows(chunks, columns)) {
    expect(batch).toHaveLength(1000);
    break;
  }
  while (!counter.ended) await new Promise(setImmediate);
  expect(counter.chunks).toBeLessThanOrEqual(2);
  expect(await session.all('SELECT 5::INTEGER AS five')).toEqual([{ five: 5 }]);
});

it('an error of a query reaches the reader, who has got no row from behind it', async () => {
  const sql = "SELECT CASE WHEN range < 9000 THEN range ELSE error('too far') END::BIGINT AS id FROM range(20000)";
  let rows = 0;
  const reading = (async () => {
    for await (const batch of queryRows(session.stream(sql), columns)) rows += batch.length;
  })();
  await expect(reading).rejects.toThrow('too far');
  expect(rows).toBeLessThanOrEqual(9000);
});
