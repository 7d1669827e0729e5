/** Queries of every kind over `s.a` and `s.b`, with the lineage that a person reads in them: column by column, then the inputs that decide rows. */
export interface FollowedQuery {
  readonly sql: string;
  /** `name: inputs`, with inputs as `kind dataset.column`, sorted. */
  readonly columns: readonly string[];
  readonly rows: string;
}

const query = (sql: string, columns: readonly string[], rows = ''): FollowedQuery => ({ sql, columns, rows });

const all = (kind: string) => ['id', 'l', 'r', 'x', 'y'].map((name) => `${kind} a.${name}`).join(', ');
const star = ['id', 'x', 'y', 'l', 'r'].map((name) => `${name}: identity a.${name}`);

export const queries: readonly FollowedQuery[] = [
  query('SELECT * FROM s.a', star),
  query('FROM s.a', star),
  query('SELECT * EXCLUDE (l, r) REPLACE (x + y AS x) RENAME (y AS v) FROM s.a', [
    'id: identity a.id',
    'x: transformation a.x, transformation a.y',
    'v: identity a.y',
  ]),
  query(
    'SELECT t.* EXCLUDE (l, r), b.z FROM s.a AS t JOIN s.b AS b ON t.id = b.id',
    ['id: identity a.id', 'x: identity a.x', 'y: identity a.y', 'z: identity b.z'],
    'join a.id, join b.id',
  ),
  query('SELECT s.a.x, a.r.p, r.q, l[1] AS first, {k: x} AS made, (l).list_sum() AS sum FROM s.a', [
    'x: identity a.x',
    'p: transformation a.r',
    'q: transformation a.r',
    'first: transformation a.l',
    'made: transformation a.x',
    'sum: transformation a.l',
  ]),
  query('SELECT a FROM s.a', [`a: ${all('transformation')}`]),
  query('SELECT x + 1 AS k, k * 2 AS twice FROM s.a', ['k: transformation a.x', 'twice: transformation a.x']),
  query('SELECT 10 - x AS x, x + 0 AS same FROM s.a', ['x: transformation a.x', 'same: transformation a.x']),
  query('SELECT y AS x FROM s.a WHERE x > 1 ORDER BY x', ['x: identity a.y'], 'filter a.x, sort a.y'),
  query('SELECT y AS x FROM s.a ORDER BY x + 0', ['x: identity a.y'], 'sort a.x'),
  query('SELECT x, y FROM s.a ORDER BY 2 LIMIT 1', ['x: identity a.x', 'y: identity a.y'], 'sort a.y'),
  query('SELECT x FROM s.a ORDER BY ALL', ['x: identity a.x'], 'sort a.x'),
  query('SELECT CASE WHEN x > 1 THEN y ELSE id END AS c FROM s.a', [
    'c: conditional a.x, transformation a.id, transformation a.y',
  ]),
  query(
    'SELECT x, count(*) AS n, sum(y) FILTER (WHERE id > 1) AS s FROM s.a GROUP BY x HAVING max(id) > 0',
    ['x: identity a.x', 'n: aggregation a.*', 's: aggregation a.y, conditional a.id'],
    'filter a.id, group_by a.x',
  ),
  query(
    'SELECT x + y AS k, count(DISTINCT id) AS n FROM s.a GROUP BY ALL',
    ['k: transformation a.x, transformation a.y', 'n: aggregation a.id'],
    'group_by a.x, group_by a.y',
  ),
  query(
    'SELECT x, y, sum(id) AS s FROM s.a GROUP BY 1, y',
    ['x: identity a.x', 'y: identity a.y', 's: aggregation a.id'],
    'group_by a.x, group_by a.y',
  ),
  query('SELECT sum(x) AS s, 1 AS one FROM s.a WHERE y > 1', ['s: aggregation a.x, filter a.y', 'one: ']),
  query('SELECT sum(x) AS s FROM s.a HAVING sum(y) > 1', ['s: aggregation a.x'], 'filter a.y'),
  query('SELECT list(x ORDER BY y) AS l FROM s.a', ['l: aggregation a.x, sort a.y']),
  query('SELECT DISTINCT x FROM s.a', ['x: identity a.x'], 'group_by a.x'),
  query(
    'SELECT DISTINCT ON (x) x, y FROM s.a ORDER BY x, id',
    ['x: identity a.x', 'y: identity a.y'],
    'group_by a.x, sort a.id, sort a.x',
  ),
  query('SELECT x, row_number() OVER (PARTITION BY y ORDER BY id, x) AS n FROM s.a', [
    'x: identity a.x',
    'n: transformation a.*, window a.id, window a.x, window a.y',
  ]),
  query('SELECT sum(x) OVER w AS s, lag(y, 1, id) OVER w AS b FROM s.a WINDOW w AS (ORDER BY id, x, y)', [
    's: aggregation a.x, window a.id, window a.x, window a.y',
    'b: transformation a.id, transformation a.y, window a.id, window a.x, window a.y',
  ]),
  query(
    'SELECT x FROM s.a QUALIFY row_number() OVER (PARTITION BY y ORDER BY id, x) = 1',
    ['x: identity a.x'],
    'filter a.id, filter a.x, filter a.y',
  ),
  query(
    'SELECT * FROM (SELECT id, x FROM s.a) JOIN s.b USING (id)',
    ['id: identity a.id', 'x: identity a.x', 'z: identity b.z', 'w: identity b.w'],
    'join a.id, join b.id',
  ),
  query(
    'SELECT id, z FROM s.a RIGHT JOIN s.b USING (id)',
    ['id: identity b.id', 'z: identity b.z'],
    'join a.id, join b.id',
  ),
  query(
    'SELECT id, z FROM s.a FULL JOIN s.b USING (id)',
    ['id: transformation a.id, transformation b.id', 'z: identity b.z'],
    'join a.id, join b.id',
  ),
  query(
    'SELECT id, x, z FROM s.a NATURAL LEFT JOIN s.b',
    ['id: identity a.id', 'x: identity a.x', 'z: identity b.z'],
    'join a.id, join b.id',
  ),
  query(
    'SELECT x FROM s.a SEMI JOIN s.b ON a.id = b.id AND z > 1',
    ['x: identity a.x'],
    'join a.id, join b.id, join b.z',
  ),
  query('SELECT x, z FROM s.a, s.b', ['x: identity a.x', 'z: identity b.z']),
  query('SELECT x, i FROM s.a, unnest(l) AS u(i)', ['x: identity a.x', 'i: transformation a.l'], 'join a.l'),
  query('SELECT x, unnest(l) AS i FROM s.a', ['x: identity a.x', 'i: transformation a.l'], 'join a.l'),
  query('SELECT x, d.s FROM s.a, LATERAL (SELECT sum(z) AS s FROM s.b WHERE b.id = a.id) AS d', [
    'x: identity a.x',
    's: aggregation b.z, filter a.id, filter b.id',
  ]),
  query('SELECT x, (SELECT max(z) FROM s.b WHERE b.id = a.id) AS m FROM s.a', [
    'x: identity a.x',
    'm: aggregation b.z, filter a.id, filter b.id',
  ]),
  query(
    'SELECT x FROM s.a WHERE EXISTS (SELECT 1 FROM s.b WHERE b.id = a.y)',
    ['x: identity a.x'],
    'filter a.y, filter b.id',
  ),
  query('SELECT x, y IN (SELECT z FROM s.b) AS known FROM s.a', [
    'x: identity a.x',
    'known: transformation a.y, transformation b.z',
  ]),
  query(
    'SELECT x FROM s.a WHERE y NOT IN (SELECT z FROM s.b WHERE w > 1)',
    ['x: identity a.x'],
    'filter a.y, filter b.w, filter b.z',
  ),
  query('SELECT list_transform(l, lambda x: x + y) AS t, list_filter(l, x -> x > 1) AS f FROM s.a', [
    't: transformation a.l, transformation a.y',
    'f: transformation a.l',
  ]),
  query('SELECT [c + x FOR c IN l IF c > y] AS t FROM s.a', [
    't: transformation a.l, transformation a.x, transformation a.y',
  ]),
  query('SELECT x FROM s.a UNION ALL SELECT z FROM s.b', ['x: identity a.x, identity b.z']),
  query(
    'SELECT x FROM s.a UNION SELECT z + 1 FROM s.b ORDER BY x',
    ['x: identity a.x, transformation b.z'],
    'group_by a.x, group_by b.z, sort a.x, sort b.z',
  ),
  query('SELECT x, y FROM s.a UNION ALL BY NAME SELECT w AS y, z FROM s.b', [
    'x: identity a.x',
    'y: identity a.y, identity b.w',
    'z: identity b.z',
  ]),
  query('SELECT x FROM s.a EXCEPT SELECT z FROM s.b', ['x: identity a.x'], 'filter a.x, filter b.z'),
  query(
    'WITH t(k, n) AS (SELECT x, count(*) FROM s.a GROUP BY x), u AS (SELECT k, n + 1 AS m FROM t) SELECT k, sum(m) AS m FROM u GROUP BY k',
    ['k: identity a.x', 'm: aggregation a.*'],
    'group_by a.x',
  ),
  query(
    'WITH RECURSIVE t(n, m) AS (SELECT x, y FROM s.a UNION ALL SELECT n + 1, n FROM t WHERE n < 3) SELECT m FROM t',
    ['m: identity a.x, identity a.y, transformation a.x'],
    'filter a.x',
  ),
  query('SELECT v.p, v.q FROM (VALUES (1, 2), (3, 4)) AS v(p, q)', ['p: ', 'q: ']),
  query('WITH b AS (SELECT x AS z FROM s.a) SELECT z FROM b', ['z: identity a.x']),
  query('SELECT q.v FROM (SELECT sum(x) AS v FROM s.a WHERE y > 1) AS q, s.b', ['v: aggregation a.x, filter a.y']),
  query(
    'SELECT x, z FROM s.a ASOF JOIN s.b ON a.id >= b.id',
    ['x: identity a.x', 'z: identity b.z'],
    'join a.id, join b.id',
  ),
  query(
    'SELECT DISTINCT x, CAST(y AS VARCHAR) AS t FROM s.a WHERE id BETWEEN 1 AND x LIMIT (SELECT max(z) FROM s.b)',
    ['x: identity a.x', 't: transformation a.y'],
    'filter a.id, filter a.x, filter b.z, group_by a.x, group_by a.y',
  ),
];

/** Queries that are not followed, with the reason. */
export const unknown: readonly (readonly [sql: string, reason: string])[] = [
  ["SELECT COLUMNS('x|y') FROM s.a", 'COLUMNS(...) with a pattern is not followed'],
  ['SELECT max(COLUMNS(*)) FROM s.b', 'a star inside of an expression is not followed'],
  ['PIVOT s.b ON z IN (1, 2) USING sum(w) GROUP BY id', 'a PIVOT is not followed'],
  ['SELECT r.* FROM s.a', 'the fields of r are not followed by a star'],
  ['SELECT unnest(r) FROM s.a', 'its columns are not those that DuckDB plans'],
  ['SELECT * FROM (SELECT x + 1 FROM s.a)', 'a star stands for a column without a name'],
];
