import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PermanentError } from '../../lib/contract/errors.ts';
import { guardSql } from '../../lib/duckdb/guard/guard-sql.ts';
import { readSql } from '../../lib/duckdb/guard/read-sql.ts';
import { openEngine } from '../../lib/duckdb/open-engine.ts';
import type { Session } from '../../lib/duckdb/session.ts';

let session: Session;
beforeAll(async () => {
  session = await (await openEngine()).session();
});
afterAll(() => session.close());

const orders = { step: 'extract_orders', dataset: 'orders' };
const users = { step: 'extract-users', dataset: 'Users' };
const allowed = [orders, users];

const guard = (text: string) => guardSql(session, { name: 'q.sql', text }, allowed);
const refusal = async (text: string): Promise<string> => {
  const error = await guard(text).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PermanentError);
  return (error as PermanentError).message;
};

describe('guarded SQL', () => {
  test.each([
    'SELECT 1',
    'VALUES (1, 2)',
    'TABLE extract_orders.orders',
    'FROM "extract_orders"."orders"',
    'select * from EXTRACT_ORDERS.Orders -- a comment; with a semicolon',
    'SELECT * FROM "extract_orders"."orders" o JOIN "extract-users"."Users" u USING (id);  -- the end',
    'WITH o AS (FROM "extract_orders"."orders"), p AS (SELECT * FROM o) SELECT * FROM p, O',
    'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT * FROM t',
    'SELECT (WITH a AS (SELECT 1 AS x) SELECT x FROM a) FROM "extract_orders"."orders"',
    'SELECT i.* FROM (SELECT unnest(items) AS i FROM "extract_orders"."orders") LIMIT 10',
    'SELECT * FROM range(10) t(x), generate_series(1, 3), unnest([1, 2]) u(y)',
    `FROM "extract_orders"."orders" UNION ALL BY NAME FROM "extract-users"."Users" ORDER BY ALL`,
    `PIVOT "extract_orders"."orders" ON kind IN ('a', 'b') USING sum(total) GROUP BY user_id`,
    'UNPIVOT "extract_orders"."orders" ON total',
    `SELECT count(*) FILTER (x > 1), sum(x) OVER (PARTITION BY y ORDER BY z), list_transform(l, lambda v: v + 1), {'a': 1}, l[1:2], x::DECIMAL(18, 2), DATE '2026-01-01', x IS DISTINCT FROM y, CASE WHEN x THEN 1 END, y BETWEEN 1 AND 2, COLUMNS('t.*') FROM "extract_orders"."orders" o ASOF JOIN "extract-users"."Users" u ON o.t >= u.t WHERE EXISTS (SELECT 1) GROUP BY GROUPING SETS ((y), ()) HAVING count(*) > 1 QUALIFY row_number() OVER () = 1`,
    `SELECT DISTINCT ON (x) x FROM "extract_orders"."orders" USING SAMPLE 10`,
    'SELECT $$read_csv;$$, $tag$ ; $tag$, e\'\\\';\', "a;b", /* ; /* nested ; */ */ $p FROM "extract_orders"."orders"',
  ])('lets through: %s', async (text) => {
    await expect(guard(text)).resolves.toMatchObject({ name: 'q.sql' });
  });

  test('lists the allowed datasets and the parameters that a query names, each once', async () => {
    const text = 'WITH x AS (FROM extract_orders.orders) SELECT $b, $A, $b FROM x, "EXTRACT_ORDERS".orders';
    expect(await guard(text)).toMatchObject({ tables: [orders], parameters: ['b', 'A'] });
  });

  test('names an unknown dataset with line, column and the nearest allowed name', async () => {
    expect(await refusal('SELECT *\n  FROM "extract_order"."orders"')).toBe(
      'the query "q.sql" cannot run:\n- line 2, column 8: there is no dataset "extract_order"."orders"; a query can read "extract_orders"."orders", "extract-users"."Users"; did you mean "extract_orders"."orders"?',
    );
    expect(await refusal('SELECT * FROM users')).toContain('line 1, column 15: there is no dataset "users"');
    expect(await refusal('SELECT * FROM users')).toContain('; did you mean "extract-users"."Users"?');
  });

  test('reports every mistake of a query at once, in text order', async () => {
    const text = `SELECT current_setting('x')\nFROM read_csv('a'), nowhere`;
    expect((await refusal(text)).split('\n- ').slice(1)).toEqual([
      'line 1, column 8: the function current_setting is not allowed: it tells of the engine and not of the data',
      'line 2, column 6: the table function read_csv is not allowed: a query reads datasets of upstream steps and nothing else; allowed are generate_series, json_each, json_tree, range, repeat, repeat_row, unnest',
      'line 2, column 21: there is no dataset "nowhere"; a query can read "extract_orders"."orders", "extract-users"."Users"',
    ]);
  });

  test('columns count characters, for any number of bytes before them', async () => {
    expect(await refusal(`SELECT 'äöü€', * FROM nowhere`)).toContain('line 1, column 23:');
    expect(await refusal(`SELECT 'äöü€', * FRO a b`)).toContain('line 1, column 22: syntax error at or near "a"');
  });

  test('a syntax error has its line and column', async () => {
    expect(await refusal('SELECT a,\n       b\nFORM x')).toContain('line 3, column 6: syntax error at or near "x"');
    expect(await refusal('SELECT (1')).toContain('line 1, column 10: syntax error at end of input');
  });

  test('a WITH name is known to the queries after it, and nowhere else', async () => {
    expect(await refusal('SELECT * FROM (WITH a AS (SELECT 1) FROM a), a')).toContain('line 1, column 46');
    expect(await refusal('WITH a AS (FROM a) FROM a')).toContain('line 1, column 17');
    expect(await refusal('WITH a AS (FROM b), b AS (SELECT 1) FROM a')).toContain('line 1, column 17');
    expect(await refusal('WITH k AS (SELECT 1) FROM "\u212a"')).toContain('there is no dataset "\u212a"');
    expect(await refusal('WITH a AS (SELECT 1) FROM main.a')).toContain('there is no dataset "main"."a"');
  });

  test('one query, and no other statement', async () => {
    expect(await refusal('SELECT 1; SELECT 2')).toContain('this has 2 statements');
    expect(await refusal('-- nothing')).toContain('this has 0 statements');
    expect(await refusal('PIVOT extract_orders.orders ON kind USING sum(x)')).toContain(
      'a PIVOT has to list its values',
    );
    expect(await refusal(`SELECT ${'9'.repeat(400)}, 1e999`)).toContain('a number that is larger than a DOUBLE can be');
    expect(await refusal('SELECT ?')).toContain('write $name instead of ? and $1');
    expect(await refusal('SELECT $1')).toContain('write $name instead of ? and $1');
  });

  test('the names of a text are available without the allowed names', async () => {
    expect(await readSql(session, 'SELECT $p,\n $q FROM a.b, c')).toEqual({
      text: 'SELECT $p,\n $q FROM a.b, c',
      tables: [
        { line: 2, column: 10, path: ['a', 'b'] },
        { line: 2, column: 15, path: ['c'] },
      ],
      parameters: [
        { name: 'p', line: 1, column: 8 },
        { name: 'q', line: 2, column: 2 },
      ],
      problems: [],
    });
  });
});
