import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PermanentError } from '../../lib/contract/errors.ts';
import { guardSql } from '../../lib/duckdb/guard/guard-sql.ts';
import { openEngine } from '../../lib/duckdb/open-engine.ts';
import type { Session } from '../../lib/duckdb/session.ts';
import { repeatUntil } from '../support/repeat-until.ts';
import { sized } from '../support/sized.ts';

let session: Session;
beforeAll(async () => {
  session = await (await openEngine()).session();
});
afterAll(() => session.close());

const allowed = [
  { step: 'extract', dataset: 'orders' },
  { step: 'extract', dataset: 'users' },
];

/** A query that may run, or one that may not, and which of the two it is. */
interface Sample {
  readonly sql: string;
  readonly allowed: boolean;
}

const good = fc.constantFrom(
  'SELECT * FROM "extract"."orders"',
  'FROM extract.users',
  'TABLE "extract"."users"',
  'SELECT i FROM range(3) r(i)',
  'SELECT unnest([1, 2]) AS i',
  'VALUES (1)',
);

/** A name with case and quotes that DuckDB reads as the same name. */
const spelled = (name: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.array(fc.boolean(), { minLength: name.length, maxLength: name.length }), fc.boolean())
    .map(([upper, quoted]) => {
      const text = [...name].map((letter, i) => (upper[i] ? letter.toUpperCase() : letter)).join('');
      return quoted ? `"${text}"` : text;
    });
const blank = fc.constantFrom(
  ' ',
  '\n',
  '/**/',
  '/* "extract"."orders" /* nested */ */',
  '-- FROM extract.orders\n',
  '\t',
);

const badFunction = fc
  .tuple(
    fc
      .constantFrom(
        'read_csv',
        'read_text',
        'read_parquet',
        'glob',
        'query',
        'query_table',
        'duckdb_settings',
        'pragma_version',
        'parquet_metadata',
        'sniff_csv',
        'read_json',
      )
      .chain(spelled),
    blank,
    fc.constantFrom(`('/etc/passwd')`, `()`, `(['/etc/passwd'])`, `($$/etc/passwd$$)`),
    fc.constantFrom('', 'main.', 'system.main.'),
  )
  .map(([name, gap, args, schema]) => `SELECT * FROM ${schema}${name}${gap}${args}`);
const badTable = fc
  .tuple(
    fc.constantFrom(
      `'/etc/passwd.csv'`,
      '"/etc/passwd.csv"',
      'duckdb_tables',
      'sqlite_master',
      'information_schema.tables',
      'pg_catalog.pg_tables',
      'secret.hidden',
      '"x"."csv"',
      'orders',
      'memory.extract.orders',
      '"extract"."orders2"',
    ),
    blank,
  )
  .map(([name, gap]) => `SELECT * FROM${gap === '/**/' ? '/**/ ' : ` ${gap}`}${name}`);
const badScalar = fc
  .constantFrom('current_setting', 'getvariable', 'nextval', 'json_serialize_plan', 'write_log', 'pg_get_viewdef')
  .chain(spelled)
  .map((name) => `SELECT ${name}('x')`);
const badStatement = fc.constantFrom('DESCRIBE "extract"."orders"', 'SUMMARIZE "extract"."orders"', 'SHOW TABLES');

const leaf: fc.Arbitrary<Sample> = fc.oneof(
  { weight: 4, arbitrary: good.map((sql) => ({ sql, allowed: true })) },
  {
    weight: 1,
    arbitrary: fc.oneof(badFunction, badTable, badScalar, badStatement).map((sql) => ({ sql, allowed: false })),
  },
);

/** Positions for a query. The names of WITH are names that would hide a table. */
const around = (inner: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> =>
  fc.oneof(
    fc
      .tuple(inner, fc.constantFrom('orders', 'sqlite', 'w', '"with space"'))
      .map(([q, name]) => ({ ...q, sql: `WITH ${name} AS (${q.sql}\n) SELECT * FROM ${name}` })),
    inner.map((q) => ({ ...q, sql: `SELECT * FROM (${q.sql}\n) AS t` })),
    inner.map((q) => ({ ...q, sql: `SELECT (SELECT count(*) FROM (${q.sql}\n)) AS n` })),
    inner.map((q) => ({ ...q, sql: `SELECT 1 WHERE EXISTS (${q.sql}\n)` })),
    inner.map((q) => ({ ...q, sql: `SELECT 1 AS x ORDER BY (SELECT count(*) FROM (${q.sql}\n)) LIMIT 1` })),
    inner.map((q) => ({
      ...q,
      sql: `SELECT [(SELECT count(*) FROM (${q.sql}\n)), 2], CASE WHEN true THEN 1 ELSE (SELECT count(*) FROM (${q.sql}\n)) END`,
    })),
    inner.map((q) => ({ ...q, sql: `SELECT * FROM range(2) r(i), LATERAL (${q.sql}\n) AS l` })),
    inner.map((q) => ({
      ...q,
      sql: `SELECT list_transform([1], x -> x + (SELECT count(*) FROM (${q.sql}\n)))`,
    })),
    inner.map((q) => ({
      ...q,
      sql: `WITH RECURSIVE t(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM t WHERE a < (SELECT count(*) FROM (${q.sql}\n))) SELECT * FROM t`,
    })),
    fc.tuple(inner, inner).map(([a, b]) => ({
      sql: `SELECT * FROM (${a.sql}\n) UNION ALL SELECT * FROM (${b.sql}\n)`,
      allowed: a.allowed && b.allowed,
    })),
    fc.tuple(inner, inner).map(([a, b]) => ({
      sql: `SELECT * FROM (${a.sql}\n) AS a JOIN (${b.sql}\n) AS b ON true`,
      allowed: a.allowed && b.allowed,
    })),
    fc.tuple(inner, inner).map(([a, b]) => ({
      sql: `WITH a AS (${a.sql}\n), b AS (FROM a) SELECT * FROM b, (${b.sql}\n) AS c`,
      allowed: a.allowed && b.allowed,
    })),
  );

const sample = fc.letrec<{ query: Sample }>((tie) => ({
  query: fc.oneof({ maxDepth: 4, depthSize: 'medium' }, leaf, around(tie('query')), around(tie('query'))),
})).query;

test('in any position, a query that reads something else is refused, and one that does not is let through', async () => {
  let refused = 0;
  const property = fc.asyncProperty(sample, async ({ sql, allowed: may }) => {
    const outcome = await guardSql(session, { name: 'q', text: sql }, allowed).then(
      () => null,
      (error: unknown) => error,
    );
    if (may) expect(outcome).toBeNull();
    else {
      expect(outcome).toBeInstanceOf(PermanentError);
      // Refused for its reads, and not because the sample is not SQL.
      expect((outcome as Error).message).not.toContain('syntax error');
      refused += 1;
    }
  });
  await repeatUntil(
    () => refused > sized(5, 50),
    () => fc.assert(property, { numRuns: sized(80, 400) }),
  );
  expect(refused).toBeGreaterThan(sized(5, 50));
});
