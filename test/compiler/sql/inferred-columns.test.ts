import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseColumns, renderColumns } from '../../../lib/columns/columns.ts';
import { storedColumns } from '../../../lib/columns/stored-type.ts';
import { Probe } from '../../../lib/compiler/sql/probe.ts';
import type { ProbeParameter } from '../../../lib/compiler/sql/probe-messages.ts';
import { DoubleParameter } from '../../../lib/duckdb/bind-parameters.ts';
import { guardSql } from '../../../lib/duckdb/guard/guard-sql.ts';
import { openEngine } from '../../../lib/duckdb/open-engine.ts';
import type { Session } from '../../../lib/duckdb/session.ts';

const columns = {
  id: 'BIGINT',
  n: 'INTEGER',
  total: 'DECIMAL(18,4)',
  ratio: 'DOUBLE',
  name: 'VARCHAR',
  day: 'DATE',
  moment: 'TIMESTAMP',
  ok: 'BOOLEAN',
  items: 'STRUCT(sku VARCHAR, quantity INTEGER, price DECIMAL(9,2))[]',
} as const;

/** For each parameter: its facts that check knows, and the value that a run gives. */
const parameters: Readonly<Record<string, ProbeParameter & { readonly given: unknown }>> = {
  text: { type: 'VARCHAR', given: '2026-01-31' },
  word: { type: 'VARCHAR', value: 'x', given: 'x' },
  whole: { type: 'BIGINT', given: 3n },
  small: { type: 'INTEGER', value: 3, given: 3 },
  double: { type: 'DOUBLE', given: new DoubleParameter(3) },
  flag: { type: 'BOOLEAN', given: true },
};

const from = 'FROM "step a"."d"';

const queries = [
  `SELECT * ${from}`,
  `SELECT sum(id) AS a, sum(n) AS b, sum(total) AS c, avg(total) AS d, avg(n) AS e, count(*) AS f, max(day) AS g ${from}`,
  `SELECT n // 2 AS a, n / 2 AS b, n * 2 AS c, id + n AS d, total * 2 AS e, total / 2 AS f, round(total, 2) AS g, -n AS h ${from}`,
  `SELECT day + 1 AS a, day - day AS b, moment + INTERVAL 1 DAY AS c, date_trunc('month', day) AS d, date_part('year', moment) AS e ${from}`,
  `SELECT unnest(items, recursive := true) ${from}`,
  `SELECT items[1] AS a, items[1].price AS b, len(items) AS c, list_transform(items, lambda i: i.quantity) AS d ${from}`,
  `SELECT {'a': n, 'b': [day]} AS a, [total, n] AS b, coalesce(n, id) AS c, CASE WHEN ok THEN n ELSE ratio END AS d ${from}`,
  `SELECT row_number() OVER (ORDER BY id) AS a, lag(total) OVER (ORDER BY id) AS b, ntile(4) OVER () AS c ${from}`,
  `SELECT median(n) AS a, quantile_cont(total, 0.5) AS b, approx_count_distinct(id) AS c, list(day) AS d, string_agg(name, ',') AS e ${from}`,
  `SELECT 1 AS a, 3000000000 AS b, 1.50 AS c, 1e3 AS d, 'x' AS e, true AS f, DATE '2026-01-31' AS g, 9223372036854775808 AS h`,
  `SELECT CAST(n AS TINYINT) AS a, CAST(id AS UBIGINT) AS b, CAST(id AS HUGEINT) AS c, CAST(moment AS TIMESTAMPTZ) AS d, uuid() AS e`.concat(
    ` ${from}`,
  ),
  `SELECT n FROM "step a"."d" UNION ALL SELECT id ${from}`,
  `WITH a AS (SELECT total ${from}) SELECT sum(total) AS x FROM a`,
  `FROM range(10) r(i) SELECT i, i * 2 AS j`,
  `VALUES (1, 'a'), (2.5, NULL)`,
  `SELECT name, 2026 AS y, count(*) AS c ${from} GROUP BY ALL`,
  `SELECT $text AS a, $word AS b, $whole AS c, $small AS d, $double AS e, $flag AS f`,
  `SELECT total * $double AS a, total * $small AS b, n + $whole AS c, n + $small AS d, ratio + $double AS e, name || $text AS f ${from}`,
  `SELECT day, $text AS since ${from} WHERE day >= $text AND moment < CAST($text AS DATE) AND name <> $word`,
  `SELECT coalesce(total, $double) AS a, coalesce(n, $small) AS b, greatest(id, $whole) AS c, CASE WHEN $flag THEN 1 END AS d ${from}`,
  `SELECT date_diff('day', day, CAST($text AS DATE)) AS a, strftime(day, '%Y') AS b, CAST($text AS DATE) - day AS c ${from}`,
  `SELECT [$small, $whole] AS a, {'x': $double} AS b, round(total, $small) AS c ${from}`,
];

const probe = new Probe();
let session: Session;

beforeAll(async () => {
  session = await (await openEngine()).session();
  await session.defineView({ step: 'step a', dataset: 'd', files: [], columns: parseColumns('d', columns) });
});

afterAll(async () => {
  probe.close();
  await session.close();
});

test.each(queries)('check infers what a run stores: %s', async (text) => {
  const guarded = await guardSql(session, { name: 'q', text }, [{ step: 'step a', dataset: 'd' }]);
  const given = Object.fromEntries(guarded.parameters.map((name) => [name, parameters[name]?.given]));
  const { columns: stored } = await session.query(guarded, given);
  const known = Object.fromEntries(Object.entries(parameters).map(([name, { given: _, ...one }]) => [name, one]));
  const tables = [{ step: 'step a', dataset: 'd', columns }];
  const description = await probe.describe({ text, tables, parameters: known });
  if ('stopped' in description || description.columns === null) throw new Error(JSON.stringify(description));
  const inferred = storedColumns(description.columns);
  expect(inferred.problems).toEqual([]);
  expect(renderColumns(inferred.columns)).toEqual(renderColumns(stored));
});
