import { describe, expect, test } from 'vitest';
import { diagnose } from './project.ts';

const ofQuery = async (sql: string, more = ''): Promise<string[]> => {
  const template = `name: p
input_schema: { type: object, properties: { text: { type: string }, day: { type: string, format: date } } }
steps:
  - name: e
    handler: e
    outputs: { d: { schema: { text: VARCHAR, at: TIMESTAMP, n: BIGINT, m: BIGINT } } }
  - name: unknown
    handler: u
  - name: q
    dependencies: [e, unknown]
    sql: { file: q.sql${more} }
`;
  const found = await diagnose(template, { 'q.sql': sql });
  return found.map((one) => one.split(' ').slice(0, 2).join(' '));
};

describe('what check doubts in a query', () => {
  test.each([
    'SELECT CAST(text AS TIMESTAMP) AS x FROM e.d',
    'SELECT "o"."TEXT"::TIMESTAMP AS x FROM e.d o',
    'SELECT try_cast(text AS TIMESTAMP) AS x FROM e.d',
    "SELECT '2026-01-01T00:00:00+02:00'::TIMESTAMP AS x",
    "SELECT CAST((text::JSON->'$.p') AS DECIMAL(18,4)) AS x FROM e.d",
    "SELECT CAST(json_extract_string(text, '$.p') AS DECIMAL(18,4)) AS x FROM e.d",
    // The tables of a query need not all be known.
    'SELECT CAST(e.d.text AS TIMESTAMP) AS x FROM e.d, unknown.rows r',
  ])('%s: a cast that loses an offset or digits', async (sql) => {
    expect(await ofQuery(sql)).toEqual([expect.stringMatching(/^q\.sql:1:\d+ LOSSY_CAST$/)]);
  });

  test('a parameter that is text may have an offset, one that is a day has none', async () => {
    const sql = 'SELECT CAST($p AS TIMESTAMP) AS x';
    expect(await ofQuery(sql, ', params: { p: "{% input.text %}" }')).toEqual(['q.sql:1:8 LOSSY_CAST']);
    expect(await ofQuery(sql, ', params: { p: "{% input.day %}" }')).toEqual([]);
    expect(await ofQuery(sql, ', params: { p: "2026-01-01" }')).toEqual([]);
  });

  test.each(['SELECT n / m AS x FROM e.d', 'SELECT n / (m - 1) AS x FROM e.d', 'SELECT sum(n) / sum(m) AS x FROM e.d'])(
    '%s: a divisor that can be zero',
    async (sql) => {
      expect(await ofQuery(sql)).toEqual([expect.stringMatching(/^q\.sql:1:\d+ DIVISION_BY_ZERO$/)]);
    },
  );

  test.each([
    'SELECT CAST("at" AS DATE) AS x FROM e.d',
    'SELECT CAST(CAST(text AS TIMESTAMPTZ) AS TIMESTAMP) AS x FROM e.d',
    "SELECT TIMESTAMP '2026-01-01' AS x",
    'SELECT CAST(n AS DECIMAL(18,2)) AS x FROM e.d',
    'SELECT n / 2 AS x FROM e.d',
    'SELECT n / nullif(m, 0) AS x FROM e.d',
    'SELECT sum(n) / count(*) AS x FROM e.d',
    'SELECT CASE WHEN m > 0 THEN n / m END AS x FROM e.d',
    'SELECT n // m AS x FROM e.d',
  ])('%s: nothing', async (sql) => expect(await ofQuery(sql)).toEqual([]));
});
