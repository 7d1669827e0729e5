import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { extractPostgres, ident, readPostgres, sql } from '../../../lib/connectors/sources.ts';
import { type PostgresServer, postgresPrograms, startPostgres } from '../../support/postgres-server.ts';
import { sampled } from '../../support/sized.ts';
import { CapturedStep } from '../captured-step.ts';

describe.skipIf(postgresPrograms === null)('PostgreSQL (skipped where it is not installed)', () => {
  let server: PostgresServer;
  let client: pg.Client;
  let url: string;
  beforeAll(async () => {
    server = await startPostgres();
    url = server.url;
    client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    await client.connect();
    await client.query(`
      CREATE TYPE mood AS ENUM ('sad', 'happy "very"');
      CREATE DOMAIN cents AS bigint CHECK (VALUE >= 0);
      CREATE TABLE numbers AS SELECT i::bigint AS id, i % 7 AS seven, 'n' || i AS name FROM generate_series(1, 50000) i;
      CREATE UNIQUE INDEX ON numbers (id)`);
  });
  afterAll(async () => {
    await client?.end();
    await server?.remove();
  });

  const columns = { id: 'BIGINT', name: 'VARCHAR' };
  const one = async (expression: string, type: string): Promise<string | null | undefined> => {
    const step = new CapturedStep();
    // The expression is the test's own text, not a value.
    const query = sql([`SELECT ${expression} AS x`] as unknown as TemplateStringsArray);
    await extractPostgres(step, { url, dataset: 'd', columns: { x: type }, query });
    const [row] = step.rows('d');
    return row?.[0];
  };

  describe('values', () => {
    test.each([
      [`''::text`, 'VARCHAR', ''],
      ['NULL::text', 'VARCHAR', null],
      [`E'a"b,\\n\\r\\\\.'`, 'VARCHAR', 'a"b,\n\r\\.'],
      [`'\\.'::text`, 'VARCHAR', '\\.'],
      ['9223372036854775807::bigint', 'BIGINT', '9223372036854775807'],
      ['32767::int2', 'INTEGER', '32767'],
      ['7::cents', 'BIGINT', '7'],
      ['0.1::float8 + 0.2::float8', 'DOUBLE', '0.30000000000000004'],
      ['true', 'BOOLEAN', 't'],
      ['12.5::numeric(18,4)', 'DECIMAL(18,4)', '12.5000'],
      ['12.5::numeric(10,2)', 'DECIMAL(18,4)', '12.50'],
      [
        '12345678901234567890123456789012345.678::numeric(38,3)',
        'DECIMAL(38,3)',
        '12345678901234567890123456789012345.678',
      ],
      [`'2026-01-31 23:30:00.123456-05'::timestamptz`, 'TIMESTAMP', '2026-02-01 04:30:00.123456'],
      [`'2026-01-31 23:30:00'::timestamp`, 'TIMESTAMP', '2026-01-31 23:30:00'],
      [`'1066-10-14'::date`, 'DATE', '1066-10-14'],
      [`'happy "very"'::mood`, 'VARCHAR', 'happy "very"'],
      [`'6a2f41a3-c54c-fce8-32d2-0324e1c32e22'::uuid`, 'VARCHAR', '6a2f41a3-c54c-fce8-32d2-0324e1c32e22'],
      [`'{"a": [1, null]}'::jsonb`, 'STRUCT(a INTEGER[])', '{"a": [1, null]}'],
      [`'{"a":1}'::json`, 'VARCHAR', '{"a":1}'],
      [`ARRAY['a"', NULL, '']`, 'VARCHAR[]', '["a\\"",null,""]'],
      ['ARRAY[1.10, 2]::numeric(18,2)[]', 'DECIMAL(18,2)[]', '["1.10","2.00"]'],
      [`ARRAY['2026-01-31'::date]`, 'DATE[]', '["2026-01-31"]'],
      ['ARRAY[9223372036854775807]', 'BIGINT[]', '[9223372036854775807]'],
      ["repeat('x', 3000000)", 'VARCHAR', 'x'.repeat(3_000_000)],
    ])('%s as %s', async (expression, type, expected) => expect(await one(expression, type)).toBe(expected));

    test.each([
      [
        '1.5::numeric',
        'DECIMAL(18,4)',
        /"x" is numeric in PostgreSQL and DECIMAL\(18,4\).*any number of digits: write x::numeric\(18,4\)/,
      ],
      [
        '1.5::numeric(18,4)',
        'DECIMAL(18,2)',
        /numeric\(18,4\).*more digits: declare DECIMAL\(18,4\), or write x::numeric\(18,2\)/,
      ],
      ['1.5::numeric(18,4)', 'DOUBLE', /write x::float8/],
      ['1::bigint', 'INTEGER', /bigint.*write x::int/],
      ['1::bigint', 'DECIMAL(18,4)', /write x::numeric\(18,4\)/],
      [`'1'::money`, 'DECIMAL(18,2)', /money.*write x::numeric\(18,2\)/],
      [`'\\x00'::bytea`, 'VARCHAR', /bytea.*encode\(x, 'base64'\)/],
      [`'1 day'::interval`, 'VARCHAR', /interval.*x::text/],
      [`ROW(1)`, 'VARCHAR', /to_json\(x\)/],
      ['ARRAY[1.5]', 'DECIMAL(18,2)[]', /numeric\[\].*of its elements.*any number of digits/],
      ['1', 'INTEGER[]', /nested columns come from json/],
    ])('%s as %s is refused, and the error names the cast that mends it', async (expression, type, message) => {
      await expect(one(expression, type)).rejects.toMatchObject({
        name: 'ValidationError',
        message: expect.stringMatching(message),
      });
    });

    test('columns that are missing, undeclared or double are reported together', async () => {
      const query = sql`SELECT 1 AS a, 2 AS a, 3 AS "B"`;
      await expect(
        extractPostgres(new CapturedStep(), { url, dataset: 'd', columns: { b: 'INTEGER' }, query }),
      ).rejects.toThrow(
        /two columns "a".*\n.*"a" is not declared.*\n.*"a" is not declared.*\n.*"B" is not declared.*\n.*"b" is declared/,
      );
    });
  });

  describe('bound values', () => {
    const hostile = [
      "'; DROP TABLE numbers; --",
      '$1',
      '\\',
      '"',
      "''",
      "E'\\'",
      'daybreak.p1',
      '日本 🏔',
      'a\nb',
      ' ',
      '${x}',
      '%s',
      "' OR '1'='1",
    ];
    test('are never part of the text, for any content', async () => {
      for (const value of hostile) {
        const step = new CapturedStep();
        await extractPostgres(step, {
          url,
          dataset: 'd',
          columns: { x: 'VARCHAR', same: 'BOOLEAN', y: 'VARCHAR' },
          query: sql`SELECT ${value}::text AS x, ${value} = ${value}::text AS same, ${'second'}::text AS y`,
        });
        expect(step.rows('d')).toEqual([[value, 't', 'second']]);
      }
      expect((await client.query('SELECT count(*)::int AS n FROM numbers')).rows).toEqual([{ n: 50_000 }]);
    });

    test('take the type that the query gives them', async () => {
      const step = new CapturedStep();
      const names = ['n3', 'n"4', null, 'n5,\\'];
      await extractPostgres(step, {
        url,
        dataset: 'd',
        columns: { id: 'BIGINT', name: 'VARCHAR', at: 'TIMESTAMP', yes: 'BOOLEAN', nothing: 'VARCHAR' },
        query: sql`SELECT id, name, ${new Date('2026-01-31T12:00:00Z')}::timestamptz AS at, ${true}::boolean AS yes, ${null}::text AS nothing
          FROM numbers WHERE id >= ${3} AND id <= ${5n} AND name = ANY(${[...names, 'n4']}) ORDER BY id;`,
      });
      expect(step.rows('d')).toEqual([3, 4].map((id) => [String(id), `n${id}`, '2026-01-31 12:00:00', 't', null]));
    });

    test('inside quotes are an error, not a text', async () => {
      const query = sql`SELECT id, name FROM numbers WHERE name = '${'n1'}'`;
      await expect(extractPostgres(new CapturedStep(), { url, dataset: 'd', columns, query })).rejects.toThrow(
        /value inside of quotes/,
      );
    });

    test.each([[undefined], [{ a: 1 }], [Symbol('x')], [() => 1], [new Date(Number.NaN)], ['a\0b'], ['\ud800']])(
      '%s cannot be one',
      async (value) => {
        const query = sql`SELECT ${value as string}::text AS x`;
        await expect(
          extractPostgres(new CapturedStep(), { url, dataset: 'd', columns: { x: 'VARCHAR' }, query }),
        ).rejects.toMatchObject({ name: 'PermanentError' });
      },
    );

    test('names are quoted', async () => {
      const name = 'we"ird"; DROP TABLE numbers; --';
      await client.query(`CREATE TABLE IF NOT EXISTS "we""ird""; DROP TABLE numbers; --" AS SELECT 1 AS "x""y"`);
      const step = new CapturedStep();
      await extractPostgres(step, {
        url,
        dataset: 'd',
        columns: { 'x"y': 'INTEGER' },
        query: sql`SELECT ${ident('x"y')} FROM ${ident('public', name)}`,
      });
      expect(step.rows('d')).toEqual([['1']]);
      for (const wrong of ['', 'a\0', 'x'.repeat(64), '\ud800']) expect(() => ident(wrong)).toThrow(/cannot be a name/);
      expect(() => ident()).toThrow(/needs a name/);
    });

    test('of nested pieces keep their order', async () => {
      const condition = sql`id > ${10} AND ${ident('id')} < ${13}`;
      const step = new CapturedStep();
      await extractPostgres(step, {
        url,
        dataset: 'd',
        columns: { id: 'BIGINT', a: 'INTEGER', z: 'INTEGER' },
        query: sql`SELECT id, ${1}::int AS a, ${9}::int AS z FROM numbers WHERE ${condition} AND id <> ${0}`,
      });
      expect(step.rows('d').sort()).toEqual([
        ['11', '1', '9'],
        ['12', '1', '9'],
      ]);
    });
  });

  describe('errors', () => {
    test.each([
      [
        'syntax',
        sql`SELECT id\nFROM numbers WERE id = 1`,
        'PermanentError',
        /syntax error.*\(SQLSTATE 42601\) at line 2, column 19 of the query, before "id = 1"/,
      ],
      [
        'an unknown table',
        sql`SELECT id FROM nmbers`,
        'PermanentError',
        /"nmbers" does not exist.*42P01.*line 1, column 16/,
      ],
      ['several statements', sql`SELECT 1 AS id; DROP TABLE numbers`, 'PermanentError', /multiple commands/],
      [
        'a write',
        sql`WITH gone AS (DELETE FROM numbers RETURNING id) SELECT id FROM gone`,
        'PermanentError',
        /read-only transaction|data-modifying|WITH clause/,
      ],
      [
        'a value that fails on the way',
        sql`SELECT 1 / (id - 5) AS id FROM numbers`,
        'PermanentError',
        /division by zero.*22012/,
      ],
      ['a time-out', sql`SELECT 1::bigint AS id FROM pg_sleep(20)`, 'RetryableError', /statement timeout.*57014/],
    ])('%s', async (_, query, name, message) => {
      const step = new CapturedStep();
      const read = extractPostgres(step, { url, dataset: 'd', columns: { id: 'BIGINT' }, query, statementTimeout: 1 });
      await expect(read).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
      expect((await client.query('SELECT count(*)::int AS n FROM numbers')).rows).toEqual([{ n: 50_000 }]);
    });

    test('never show the URL', async () => {
      const secret = 'p%40ss%2Fw0rd';
      const urls = [
        `postgres://nobody:${secret}@127.0.0.1:${server.port}/postgres`,
        `postgres://nobody:${secret}@127.0.0.1:1/postgres`,
        `postgres://nobody:${secret}@127.0.0.1:${server.port}/nowhere`,
        `postgres://nobody:p@ss/w0rd@127.0.0.1:${server.port}/x`,
        `postgres://nobody:12#w0rd@127.0.0.1:${server.port}/x`,
        `postgres://nobody:12?w0rd@127.0.0.1:${server.port}/x`,
        `mysql://nobody:${secret}@127.0.0.1/x`,
        `postgres://nobody:${secret}@localhost:${server.port}/x?sslmode=prefer`,
        `postgres://nobody:${secret}@localhost:${server.port}/x?sslmode=verify-full`,
      ];
      for (const wrong of urls) {
        const error = await extractPostgres(new CapturedStep(), {
          url: wrong,
          dataset: 'd',
          columns,
          query: sql`SELECT 1`,
        }).catch((caught: Error) => caught);
        expect(error).toMatchObject({ name: expect.stringMatching(/^(Permanent|Retryable)Error$/) });
        const told = `${(error as Error).message}${(error as Error).stack}${JSON.stringify(error)}${String((error as Error).cause)}`;
        expect(told).not.toMatch(/w0rd|p%40ss|p@ss/);
      }
    });
  });

  describe('one state of the database', () => {
    test('is the same for all of one reading, even if others commit', async () => {
      const step = new CapturedStep();
      await client.query('CREATE TABLE moving AS SELECT i AS id FROM generate_series(1, 10) i');
      await readPostgres(step, { url }, async (database) => {
        expect(await database.rows(sql`SELECT count(*)::int AS n FROM moving WHERE id > ${0}`)).toEqual([{ n: 10 }]);
        await client.query('DELETE FROM moving WHERE id > 5; INSERT INTO moving SELECT 100');
        expect(
          await database.extract({
            dataset: 'd',
            columns: { id: 'INTEGER' },
            query: sql`SELECT id FROM moving`,
            total: 10,
          }),
        ).toBe(10);
        await database.extract({
          dataset: 'ranges',
          columns: { id: 'INTEGER' },
          query: sql`SELECT id FROM moving`,
          ranges: { by: 'id', bounds: [4, 8] },
          connections: 3,
        });
      });
      const ids = Array.from({ length: 10 }, (_, index) => [String(index + 1)]);
      expect(step.rows('d')).toEqual(ids);
      expect(step.rows('ranges')).toEqual(ids);
      expect(step.reports).toContainEqual([10, 10]);
    });

    test('ranges give every row once and in order, nulls first', async () => {
      const step = new CapturedStep();
      const query = sql`SELECT CASE WHEN id % 100 = 0 THEN NULL ELSE id END AS id, name FROM numbers WHERE id <= ${5_000} ORDER BY id`;
      const rows = await extractPostgres(step, {
        url,
        dataset: 'd',
        columns,
        query,
        ranges: { by: 'id', bounds: [1_000, 2_500, 4_000] },
        connections: 4,
      });
      const ids = step.rows('d').map(([id]) => id);
      expect(rows).toBe(5_000);
      expect(ids.filter((id) => id === null)).toHaveLength(50);
      const numbers = ids.filter((id) => id !== null).map(Number);
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      expect(new Set(numbers).size).toBe(4_950);
    });

    test.each([[[5, 3]], [[3, 3]], [[null, 3]]])('bounds %j are refused', async (bounds) => {
      const read = extractPostgres(new CapturedStep(), {
        url,
        dataset: 'd',
        columns,
        query: sql`SELECT id, name FROM numbers`,
        ranges: { by: 'id', bounds },
      });
      await expect(read).rejects.toThrow(/bounds must ascend/);
    });
  });

  describe('a key', () => {
    /** Reads with a hand-over after each chosen number of yields, as a long step would. */
    const inPieces = async (extract: Parameters<typeof extractPostgres>[1], every: number) => {
      const whole = new CapturedStep();
      let invocations = 0;
      for (;;) {
        invocations += 1;
        let asked = 0;
        whole.onYield = (state) => {
          asked += 1;
          if (asked < every) return;
          whole.checkpoint = state as never;
          throw new Error('handed on');
        };
        try {
          await extractPostgres(whole, extract);
          return { rows: whole.rows('d'), invocations };
        } catch (error) {
          if ((error as Error).message !== 'handed on') throw error;
        }
      }
    };

    const keys = [
      ['that is unique', 'id', sql`SELECT id, name FROM numbers`],
      ['that many rows share', 'seven', sql`SELECT id, name, seven FROM numbers`],
      ['of two columns', ['seven', 'id'], sql`SELECT id, name, seven FROM numbers`],
      ['of text', 'name', sql`SELECT id, name COLLATE "C" AS name FROM numbers`],
    ] as const;
    test.each(sampled(keys, 2))('%s: pieces together are all rows, each once', async (_, key, query) => {
      const all = { ...columns, ...(JSON.stringify(query.texts).includes('seven') && { seven: 'INTEGER' }) };
      // Wide rows: more than one chunk.
      const wide = sql`SELECT *, repeat('x', 100) AS filler FROM (${query}) q`;
      const extract = { url, dataset: 'd', columns: { ...all, filler: 'VARCHAR' }, query: wide, key };
      for (const every of sampled([1, 3], 2)) {
        const { rows, invocations } = await inPieces(extract, every);
        expect(invocations).toBeGreaterThan(1);
        const ids = rows.map(([id]) => Number(id));
        expect(ids.length).toBe(50_000);
        expect(new Set(ids).size).toBe(50_000);
      }
    });

    test('that is null somewhere is refused: no cursor would find the row again', async () => {
      const query = sql`SELECT id, CASE WHEN id = 40000 THEN NULL ELSE name END AS name FROM numbers`;
      await expect(
        extractPostgres(new CapturedStep(), { url, dataset: 'd', columns, query, key: 'name' }),
      ).rejects.toThrow(/no value in a column of the key/);
    });

    test('that is not among the columns is refused', async () => {
      await expect(
        extractPostgres(new CapturedStep(), {
          url,
          dataset: 'd',
          columns,
          query: sql`SELECT id, name FROM numbers`,
          key: 'nr',
        }),
      ).rejects.toThrow(/key's column "nr"/);
    });
  });

  describe('when the signal fires', () => {
    /** Waits until as many of the sources' queries with this text are at work. Short queries come before it, so one look is enough. */
    const atWork = async (count: number, text: string): Promise<boolean> => {
      for (const end = Date.now() + 50_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 20))) {
        const { rows } = await client.query(
          `SELECT count(*)::int AS n FROM pg_stat_activity
           WHERE application_name = 'daybreak' AND state = 'active' AND strpos(query, $1) > 0`,
          [text],
        );
        if (rows[0]?.n === count) return true;
      }
      return false;
    };

    test('a query that sends nothing is cancelled on the server', async () => {
      const step = new CapturedStep();
      const read = extractPostgres(step, {
        url,
        dataset: 'd',
        columns: { id: 'INTEGER' },
        query: sql`SELECT 1 AS id FROM pg_sleep(60)`,
      });
      const failed = read.catch((error: Error) => error.message);
      expect(await atWork(1, 'pg_sleep(60)')).toBe(true);
      step.controller.abort(new Error('time is over'));
      expect(await failed).toBe('time is over');
      expect(await atWork(0, 'pg_sleep(60)')).toBe(true);
    });

    test('a reader in the middle of rows stops, and so does the server', async () => {
      const step = new CapturedStep();
      step.onChunk = () => step.controller.abort(new Error('time is over'));
      const query = sql`SELECT b AS id FROM generate_series(1, 5000) a, generate_series(1, 10000) b`;
      await expect(extractPostgres(step, { url, dataset: 'd', columns: { id: 'INTEGER' }, query })).rejects.toThrow(
        'time is over',
      );
      expect(await atWork(0, 'generate_series(1, 5000) a')).toBe(true);
    });
  });
});
