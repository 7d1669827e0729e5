import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseColumns } from '../../../lib/columns/columns.ts';
import { chunkDecoder } from '../../../lib/data/read/vectors/chunk-decoder.ts';
import type { Row } from '../../../lib/data/row.ts';
import { loadVectors } from '../../../lib/duckdb/load-vectors.ts';
import { openEngine } from '../../../lib/duckdb/open-engine.ts';
import type { Session } from '../../../lib/duckdb/session.ts';

let session: Session;
beforeAll(async () => {
  session = await (await openEngine()).session();
});
afterAll(() => session.close());

const decode = async (columns: Record<string, string>, sql: string): Promise<{ rows: Row[]; pieces: number[] }> => {
  const decoder = chunkDecoder(parseColumns('d', columns));
  const [rows, pieces]: [Row[], number[]] = [[], []];
  for await (const chunk of session.stream(sql)) {
    for (const piece of decoder.rows(chunk)) {
      pieces.push(piece.length);
      rows.push(...piece);
    }
  }
  return { rows, pieces };
};

/** The value of one column in one row. */
const one = async (type: string, sql: string): Promise<unknown> =>
  (await decode({ c: type }, `SELECT ${sql} AS c`)).rows[0]?.c;

describe('a value is read in one form', () => {
  test.each<[string, string, unknown]>([
    ['VARCHAR', "''", ''],
    ['VARCHAR', "'twelve bytes'", 'twelve bytes'],
    ['VARCHAR', "'thirteen byte'", 'thirteen byte'],
    ['VARCHAR', "'a' || chr(0) || 'b'", 'a\0b'],
    ['VARCHAR', "'grüße'", 'grüße'],
    ['VARCHAR', "'\u{1f600}\u{1f600}\u{1f600}\u{1f600}'", '\u{1f600}\u{1f600}\u{1f600}\u{1f600}'],
    ['BIGINT', '9007199254740991::BIGINT', 9007199254740991],
    ['BIGINT', '9007199254740992::BIGINT', 9007199254740992n],
    ['BIGINT', '(-9223372036854775808)::BIGINT', -9223372036854775808n],
    ['INTEGER', '(-2147483648)::INTEGER', -2147483648],
    ['DOUBLE', "'nan'::DOUBLE", Number.NaN],
    ['DOUBLE', "'-inf'::DOUBLE", Number.NEGATIVE_INFINITY],
    ['DOUBLE', "'-0'::DOUBLE", -0],
    ['BOOLEAN', 'true', true],
    ['DATE', "DATE '2026-01-31'", '2026-01-31'],
    ['DATE', "DATE '1582-10-04'", '1582-10-04'],
    ['DATE', "DATE '0001-01-01'", '0001-01-01'],
    ['DATE', "DATE '0001-12-31 (BC)'", '0000-12-31'],
    ['DATE', "DATE '0044-03-15 (BC)'", '-000043-03-15'],
    ['DATE', "DATE '9999-12-31'", '9999-12-31'],
    ['DATE', "DATE '12345-01-01'", '+012345-01-01'],
    ['DATE', "DATE '5881580-07-10'", '+5881580-07-10'],
    ['DATE', "DATE '5877642-06-25 (BC)'", '-5877641-06-25'],
    ['DATE', "'infinity'::DATE", 'infinity'],
    ['DATE', "'-infinity'::DATE", '-infinity'],
    ['TIMESTAMP', "TIMESTAMP '2026-01-31 12:34:56'", '2026-01-31T12:34:56.000Z'],
    ['TIMESTAMP', "TIMESTAMP '2026-01-31 12:34:56.789'", '2026-01-31T12:34:56.789Z'],
    ['TIMESTAMP', "TIMESTAMP '2026-01-31 12:34:56.789012'", '2026-01-31T12:34:56.789012Z'],
    ['TIMESTAMP', "TIMESTAMP '1969-12-31 23:59:59.999999'", '1969-12-31T23:59:59.999999Z'],
    ['TIMESTAMP', "TIMESTAMP '1000-02-28 00:00:00.000001'", '1000-02-28T00:00:00.000001Z'],
    ['TIMESTAMP', "TIMESTAMP '9999-12-31 23:59:59.999999'", '9999-12-31T23:59:59.999999Z'],
    ['TIMESTAMP', "TIMESTAMP '294247-01-10 04:00:54.775806'", '+294247-01-10T04:00:54.775806Z'],
    ['TIMESTAMP', "TIMESTAMP '290309-12-22 (BC) 00:00:00'", '-290308-12-22T00:00:00.000Z'],
    ['TIMESTAMP', "'infinity'::TIMESTAMP", 'infinity'],
    ['TIMESTAMP', "'-infinity'::TIMESTAMP", '-infinity'],
    ['DECIMAL(4,2)', '(-0.05)::DECIMAL(4,2)', '-0.05'],
    ['DECIMAL(9,0)', '123456789::DECIMAL(9,0)', '123456789'],
    ['DECIMAL(18,2)', '0::DECIMAL(18,2)', '0.00'],
    ['DECIMAL(18,18)', "'-0.999999999999999999'::DECIMAL(18,18)", '-0.999999999999999999'],
    ['DECIMAL(38,4)', "'1.5'::DECIMAL(38,4)", '1.5000'],
    ['DECIMAL(38,0)', `'-${'9'.repeat(38)}'::DECIMAL(38,0)`, `-${'9'.repeat(38)}`],
    ['DECIMAL(38,38)', `'0.${'0'.repeat(37)}1'::DECIMAL(38,38)`, `0.${'0'.repeat(37)}1`],
    ['INTEGER[]', '[1, NULL, 3]', [1, null, 3]],
    ['INTEGER[]', '[]', []],
    ['INTEGER[]', 'NULL', null],
    ['STRUCT(b INTEGER, a VARCHAR[])', "{'b': NULL, 'a': ['x', NULL]}", { b: null, a: ['x', null] }],
  ])('%s %s', async (type, sql, value) => {
    expect(await one(type, `CAST(${sql} AS ${type})`)).toStrictEqual(value);
  });
});

describe('20,000 rows of long and nested values', () => {
  test("are equal to DuckDB's own text", async () => {
    const item = "CASE WHEN x % 3 <> 2 THEN {'n': x, 'text': 'element ' || x || ' of the list'} END";
    const selected = [
      'range AS id',
      'range % 7 = 0 AS gone',
      "CASE WHEN range % 5 <> 0 THEN repeat('é' || range, (range % 40)::INTEGER) END AS words",
      '((range * 7919 % 100003 - 50000) / 7)::DECIMAL(18,4) AS amount',
      "(DATE '1890-01-01' + (range * 3)::INTEGER) AS day",
      `list_transform(range(range % 13), x -> ${item}) AS items`,
    ];
    const from = `FROM (SELECT ${selected.join(', ')} FROM range(20000))`;
    const columns = {
      id: 'BIGINT',
      words: 'VARCHAR',
      amount: 'DECIMAL(18,4)',
      day: 'DATE',
      items: 'STRUCT(n BIGINT, text VARCHAR)[]',
      around: 'STRUCT(words VARCHAR, items STRUCT(n BIGINT, text VARCHAR)[])',
    };
    const { rows } = await decode(
      columns,
      `SELECT id, words, amount, day, items, CASE WHEN NOT gone THEN {'words': words, 'items': items} END AS around ${from}`,
    );
    const texts = await session.all(
      `SELECT id::VARCHAR AS id, words, amount::VARCHAR AS amount, day::VARCHAR AS day, to_json(items)::VARCHAR AS items, gone ${from}`,
    );
    expect(rows).toHaveLength(20_000);
    for (const [at, { id, words, amount, day, items, gone }] of texts.entries()) {
      const list = JSON.parse(String(items));
      expect(rows[at]).toStrictEqual({
        id: Number(id),
        words,
        amount,
        day,
        items: list,
        around: gone ? null : { words, items: list },
      });
    }
  });

  test('are made piece by piece, so that few of them are in memory at a time', async () => {
    const { rows, pieces } = await decode(
      { id: 'BIGINT', items: 'BIGINT[]', text: 'VARCHAR' },
      `SELECT range AS id, range(range, range + 1000) AS items, repeat('x', 10000) AS text FROM range(4000)`,
    );
    expect(rows.every((row, id) => row.id === id && (row.items as number[])[999] === id + 999)).toBe(true);
    expect(rows).toHaveLength(4000);
    // 1,000 numbers at 40 bytes, and 10,000 letters: 8 MiB are about 167 rows.
    expect(Math.max(...pieces)).toBeLessThan(180);
    expect(pieces.length).toBeLessThan(30);
  });
});

describe('a query with other columns than expected', () => {
  test.each<[Record<string, string>, string, string]>([
    [{ c: 'VARCHAR' }, 'SELECT 5 AS c', 'column "c" is not VARCHAR'],
    [{ c: 'DECIMAL(18,2)' }, 'SELECT 5::DECIMAL(18,3) AS c', 'column "c" is not DECIMAL(18,2)'],
    [{ c: 'VARCHAR[]' }, 'SELECT [5] AS c', 'column "c" is not VARCHAR[]'],
    [{ c: 'STRUCT(a INTEGER)' }, "SELECT {'b': 5} AS c", 'column "c" is not STRUCT(a INTEGER)'],
    [{ c: 'STRUCT(a INTEGER)' }, "SELECT {'a': 5, 'b': 5} AS c", 'column "c" is not STRUCT(a INTEGER)'],
    [{ c: 'INTEGER', d: 'INTEGER' }, 'SELECT 5 AS c', 'it has 1 columns, not 2'],
  ])('is never decoded: %o, %s', async (columns, sql, message) => {
    await expect(decode(columns, sql)).rejects.toThrow(message);
  });
});

test('the driver returns copies, so that values stay when the chunk is gone', async () => {
  const access = loadVectors();
  for await (const chunk of session.stream('SELECT 5::INTEGER AS c')) {
    const vector = access.data_chunk_get_vector(chunk.chunk, 0);
    access.vector_get_data(vector, 4)[0] = 6;
    expect(access.vector_get_data(vector, 4)[0]).toBe(5);
  }
});
