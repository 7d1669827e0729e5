import { describe, expect, test } from 'vitest';
import { diagnose } from './project.ts';

const extracts = `name: p
input_schema:
  type: object
  properties:
    region: { type: string }
    least: { type: number }
    count: { type: [integer, "null"] }
steps:
  - name: extract
    handler: extract
    outputs:
      orders:
        schema: { order_id: VARCHAR, customer_id: BIGINT, total: "DECIMAL(18,2)", day: DATE, items: "STRUCT(sku VARCHAR, quantity INTEGER)[]" }
  - name: unknown
    handler: unknown
  - name: other
    handler: other
    outputs: { rows: { schema: { n: BIGINT } } }
`;

/** A pipeline whose step "report" is the file q.sql. */
const report = (more = '', dependencies = '[extract, unknown]'): string =>
  `${extracts}  - name: report\n    dependencies: ${dependencies}\n    sql: { file: q.sql${more} }\n`;

const ofQuery = (sql: string, more = ''): Promise<string[]> => diagnose(report(more), { 'q.sql': sql });

describe('what check says of a query', () => {
  test('nothing, when it is right', async () => {
    expect(await ofQuery('SELECT customer_id, sum(total) AS total FROM extract.orders GROUP BY ALL;\n')).toEqual([]);
  });

  test('a syntax error has its line and column in the file', async () => {
    expect(await ofQuery('SELECT order_id,\n  total\nFORM extract.orders\n')).toEqual([
      'q.sql:3:6 SQL_SYNTAX syntax error at or near "extract"',
    ]);
  });

  test('columns count characters, not bytes', async () => {
    expect(await ofQuery("SELECT 'Ünïçödé 🙂', nothing FROM extract.orders")).toEqual([
      expect.stringMatching(/^q\.sql:1:22 UNKNOWN_COLUMN none of the query's tables has a column "nothing"/),
    ]);
    expect(await ofQuery("SELECT 'Ünïçödé 🙂' AS a b FROM extract.orders")).toEqual([
      'q.sql:1:26 SQL_SYNTAX syntax error at or near "b"',
    ]);
  });

  test('every unknown column has a diagnostic with the nearest name', async () => {
    expect(
      await ofQuery("SELECT ordr_id, o.totl,\n  customer_id\nFROM extract.orders o\nWHERE dayy > DATE '2026-01-01'"),
    ).toEqual([
      'q.sql:1:8 UNKNOWN_COLUMN none of the query\'s tables has a column "ordr_id"; did you mean "order_id"?',
      'q.sql:1:17 UNKNOWN_COLUMN "o" has no column "totl"; did you mean "total"?',
      'q.sql:4:7 UNKNOWN_COLUMN none of the query\'s tables has a column "dayy"; did you mean "day"?',
    ]);
  });

  test('types that do not go together and unknown functions have their position', async () => {
    expect(await ofQuery('SELECT total + day AS x FROM extract.orders')).toEqual([
      expect.stringMatching(
        /^q\.sql:1:14 BAD_QUERY no function matches the given name and argument types '\+\(DECIMAL\(18,2\), DATE\)'/,
      ),
    ]);
    expect(await ofQuery('SELECT flor(total) AS x FROM extract.orders')).toEqual([
      'q.sql:1:8 BAD_QUERY there is no function "flor"; did you mean "floor"?',
    ]);
    expect(await ofQuery('SELECT customer_id, sum(total) AS total FROM extract.orders')).toEqual([
      expect.stringMatching(/^q\.sql:1:8 BAD_QUERY column "customer_id" must appear in the GROUP BY clause/),
    ]);
  });

  test('a column that no dataset can hold has a diagnostic with a way out', async () => {
    expect(await ofQuery("SELECT day - DATE '2026-01-01' AS n, age(day) AS old FROM extract.orders")).toEqual([
      'q.sql:1:1 BAD_RESULT_COLUMN column "old" is INTERVAL, and INTERVAL cannot be stored in a dataset: write epoch(x) for seconds, or CAST(x AS VARCHAR)',
    ]);
    expect(await ofQuery('SELECT order_id, order_id FROM extract.orders')).toEqual([
      'q.sql:1:1 BAD_RESULT_COLUMN the result of the query: the column "order_id" occurs twice (names ignore case); name each column with AS',
    ]);
  });
});

describe('the tables of a query', () => {
  test('are datasets of dependencies; the nearest name is proposed', async () => {
    expect(await ofQuery('SELECT 1 AS n FROM extract.ordres, extrct.orders, orders')).toEqual([
      'q.sql:1:20 UNKNOWN_DATASET the step "extract" has no dataset "ordres"; did you mean "extract"."orders"?',
      'q.sql:1:36 UNKNOWN_TABLE there is no table "extrct"."orders": no step is called "extrct"; did you mean "extract"?',
      'q.sql:1:51 UNKNOWN_TABLE there is no table "orders": tables are named "step"."dataset"; did you mean "extract"."orders"?',
    ]);
  });

  test('of a step that is no dependency are refused, also when it comes before by way of others', async () => {
    const template = `${extracts}  - { name: first, dependencies: [other], sql: { query: SELECT n FROM other.rows } }
  - { name: second, dependencies: [first], sql: { query: "SELECT f.n FROM first.first f, other.rows" } }
  - { name: zero, handler: zero, dependencies: [second] }
`;
    expect(await diagnose(template)).toEqual([
      'p.yaml:20:90 NOT_UPSTREAM the step "second" does not depend on "other"; add it to dependencies to read what it makes',
    ]);
    const later = template.replace('FROM other.rows }', 'FROM zero.rows }');
    expect((await diagnose(later))[0]).toMatch(
      /NOT_UPSTREAM "zero" comes after the step "first", which therefore cannot read it$/,
    );
  });

  test('of a step that is no dependency are one mistake, and those of a mistyped key are none', async () => {
    const template = (key: string) => `${extracts}  - name: join
    ${key}
    sql: { datasets: { a: { query: SELECT n FROM other.rows }, b: { query: SELECT n FROM other.rows } } }
`;
    expect(await diagnose(template('dependencies: []'))).toEqual([
      'p.yaml:21:50 NOT_UPSTREAM the step "join" does not depend on "other"; add it to dependencies to read what it makes',
    ]);
    for (const mistyped of ['dependancies', 'depends_onn', 'depend_on_step'])
      expect(await diagnose(template(`${mistyped}: [other]`))).toEqual([
        expect.stringMatching(`^p.yaml:20:5 UNKNOWN_KEY a step has no key "${mistyped}"; did you mean "depend`),
      ]);
    // A correct key counts beside a mistyped one.
    expect(await diagnose(template('depends_onn: [extract]\n    dependencies: [other]'))).toEqual([
      expect.stringContaining('UNKNOWN_KEY'),
    ]);
  });

  test('whose columns only a run knows stop the inference without a false diagnostic', async () => {
    const unknown = 'SELECT u.anything, o.wrong FROM unknown.anything u JOIN extract.orders o USING (id)';
    expect(await ofQuery(unknown)).toEqual([]);
    const chained = `${report()}  - { name: last, dependencies: [report], sql: { query: SELECT anything FROM report.report } }\n`;
    expect(await diagnose(chained, { 'q.sql': unknown })).toEqual([]);
  });

  test('names in WITH and in quotation marks are understood, upper and lower case are the same', async () => {
    expect(
      await ofQuery(
        'WITH orders AS (SELECT * FROM "EXTRACT"."Orders"), b AS (FROM orders) SELECT count(*) AS n FROM b, range(3)',
      ),
    ).toEqual([]);
  });

  test('are the only thing that it reads', async () => {
    expect(await ofQuery("SELECT * FROM read_csv('/etc/passwd')")).toEqual([
      expect.stringMatching(/^q\.sql:1:15 SQL_NOT_ALLOWED the table function read_csv is not allowed/),
    ]);
    expect(await ofQuery("SELECT * FROM '/etc/passwd'")).toEqual([
      expect.stringMatching(/^q\.sql:1:15 UNKNOWN_TABLE there is no table "\/etc\/passwd"/),
    ]);
    for (const statement of [
      "COPY (SELECT 1) TO '/tmp/x'",
      "ATTACH 'x.db'",
      'INSTALL httpfs',
      'PRAGMA version',
      'DROP TABLE extract.orders',
      'SELECT 1 AS n; SELECT 2 AS n',
    ])
      expect(await ofQuery(statement)).toEqual([
        expect.stringMatching(/^q\.sql:1:1 SQL_NOT_ALLOWED only one query can run/),
      ]);
  });
});

describe('the parameters of a query', () => {
  test('that "params" does not have, and those that no query uses, have diagnostics', async () => {
    expect(await ofQuery('SELECT $leest AS n, $none AS x', ', params: { least: 1, spare: 2 }')).toEqual([
      'q.sql:1:8 UNKNOWN_PARAMETER "params" has no parameter "leest"; did you mean "least"?',
      'q.sql:1:21 UNKNOWN_PARAMETER "params" has no parameter "none"; add it to "params"',
      'p.yaml:21:42 UNUSED_PARAMETER the parameter "least" is in no query of step "report"; write $least there, or leave it out',
      'p.yaml:21:52 UNUSED_PARAMETER the parameter "spare" is in no query of step "report"; write $spare there, or leave it out',
    ]);
  });

  test('have names, not numbers', async () => {
    expect(await ofQuery('SELECT ? AS n')).toEqual([expect.stringMatching(/SQL_NOT_ALLOWED parameters have names/)]);
  });

  test('that read the result of a step which is no dependency have a diagnostic', async () => {
    expect(await ofQuery('SELECT $a AS n', ', params: { a: "{% result.other.n + result.extract.n %}" }')).toEqual([
      'p.yaml:21:38 NOT_UPSTREAM the parameter "a" reads the result of "other", which is not a dependency of "report"; add it to dependencies',
    ]);
  });

  test('that read a field which the input lacks have a diagnostic', async () => {
    expect(await ofQuery('SELECT $a AS n', ', params: { a: "{% input.regoin %}" }')).toEqual([
      'p.yaml:21:38 UNKNOWN_FIELD the parameter "a" reads the field "regoin", which "input_schema" does not have; did you mean "region"?',
    ]);
  });

  const typeOf = async (value: string): Promise<string | undefined> => {
    const template = `${report(`, params: { a: ${value} }`)}    outputs: { report: { schema: { x: "STRUCT(no BIGINT)" } } }\n`;
    const [found] = await diagnose(template, { 'q.sql': 'SELECT $a AS x' });
    return /but the query makes (.*?);/.exec(found ?? '')?.[1];
  };

  test.each([
    ['1', 'INTEGER'],
    ['3000000000', 'BIGINT'],
    ['1.5', 'DOUBLE'],
    ['true', 'BOOLEAN'],
    ['"1"', 'VARCHAR'],
    ['"{% input.region %}"', 'VARCHAR'],
    ['"{% input.least %}"', 'DOUBLE'],
    ['"{% input.count %}"', 'BIGINT'],
    ['"{% run.execution %}"', 'BIGINT'],
    ['"{% run.run_id %}"', 'VARCHAR'],
  ])('%s is known to be %s', async (value, type) => {
    expect(await typeOf(value)).toBe(type);
  });

  test.each(['"{% $uppercase(input.region) %}"', '"{% result.extract.n %}"'])(
    '%s is not known before a run, and has no type',
    async (value) => {
      expect(await typeOf(value)).toBeUndefined();
    },
  );

  test('a text stands where a date is compared or cast', async () => {
    const sql =
      "SELECT order_id FROM extract.orders WHERE day >= $from AND day < CAST($from AS DATE) + 1 AND strftime(day, $form) > ''";
    expect(await ofQuery(sql, ', params: { from: "{% input.region %}", form: "%Y" }')).toEqual([]);
  });
});

describe('declared columns', () => {
  const declared = (schema: string): string => `${report()}    outputs: { report: { schema: { ${schema} } } }\n`;
  const sql = {
    'q.sql': '-- totals\nSELECT customer_id, sum(total) AS total, count(*) AS n FROM extract.orders GROUP BY 1\n',
  };

  test('that differ from the query have a diagnostic each, with both types and the cast', async () => {
    expect(await diagnose(declared('customer_id: VARCHAR, total: "DECIMAL(18,2)", count: BIGINT'), sql)).toEqual([
      'p.yaml:22:34 SCHEMA_MISMATCH dataset "report": the query makes the column "n" (BIGINT), which is not declared; leave it out, or declare it',
      'p.yaml:22:49 SCHEMA_MISMATCH dataset "report": the column "customer_id" is declared as VARCHAR, but the query makes BIGINT; write CAST(... AS VARCHAR) AS "customer_id" there, or declare BIGINT',
      'p.yaml:22:65 SCHEMA_MISMATCH dataset "report": the column "total" is declared as DECIMAL(18,2), but the query makes DECIMAL(38,2); write CAST(... AS DECIMAL(18,2)) AS "total" there, or declare DECIMAL(38,2)',
      'p.yaml:22:89 SCHEMA_MISMATCH dataset "report": the column "count" (BIGINT) is declared, but the query does not make it',
    ]);
  });

  test('in another order are the same columns', async () => {
    expect(await diagnose(declared('n: BIGINT, customer_id: BIGINT, total: "DECIMAL(38,2)"'), sql)).toEqual([]);
  });

  test('are what later steps see, also where the query differs', async () => {
    const later = '  - { name: last, dependencies: [report], sql: { query: SELECT nowhere FROM report.report } }\n';
    expect(
      (
        await diagnose(
          `${declared('customer_id: BIGINT, total: "DECIMAL(38,2)", n: BIGINT, nowhere: DATE')}${later}`,
          sql,
        )
      ).length,
    ).toBe(1);
  });
});

describe('columns are inferred', () => {
  test('through the queries of one step and of the steps after it', async () => {
    const template = `${extracts}  - name: totals
    dependencies: [extract]
    sql:
      datasets:
        by_customer:
          query: |
            SELECT customer_id, sum(total) AS total
            FROM extract.orders GROUP BY customer_id
        lines: { query: "SELECT order_id, unnest(items, recursive := true) FROM extract.orders" }
      result: { query: "SELECT sum(totl) AS total FROM totals.by_customer" }
  - name: best
    dependencies: [totals]
    sql:
      query: >
        SELECT b.customer_id, b.total,
        l.sku, l.quantity * 2 AS pairs

        FROM totals.by_customer b, totals.lines l
        WHERE b.totals > 0
    outputs: { best: { schema: { customer_id: BIGINT, total: "DECIMAL(38,2)", sku: VARCHAR, pairs: INTEGER } } }
`;
    expect(await diagnose(template)).toEqual([
      'p.yaml:28:36 UNKNOWN_COLUMN none of the query\'s tables has a column "totl"; did you mean "total"?',
      'p.yaml:37:15 UNKNOWN_COLUMN "b" has no column "totals"; did you mean "total"?',
    ]);
    expect(await diagnose(template.replace('totl', 'total').replace('b.totals', 'b.total'))).toEqual([]);
  });

  test('a query reads datasets of earlier queries of its step, and of no later ones', async () => {
    const template = `${extracts}  - name: two
    dependencies: [other]
    sql:
      datasets:
        a: { query: SELECT n FROM two.b }
        b: { query: SELECT n FROM two.a }
        c: { query: SELECT n FROM two.d }
`;
    expect(await diagnose(template)).toEqual([
      'p.yaml:23:35 UNKNOWN_DATASET "two"."b" does not exist yet: a query reads the datasets of earlier queries; move it up',
      'p.yaml:25:35 UNKNOWN_DATASET the step "two" makes no dataset "d"; before this query it makes "a", "b"',
    ]);
  });
});
