import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { extractPostgres, readPostgres, type Sql, sql } from '../../../lib/connectors/sources.ts';
import { ExactNumber } from '../../../lib/exact/exact-number.ts';
import { type PostgresServer, postgresPrograms, startPostgres } from '../../support/postgres-server.ts';
import { CapturedStep } from '../captured-step.ts';
import { copyTextOf } from './copy-text-of.ts';

const raw = (text: string): Sql => sql([text] as unknown as TemplateStringsArray);

describe.skipIf(postgresPrograms === null)(
  'exact values and cursors (skipped where PostgreSQL is not installed)',
  () => {
    let server: PostgresServer;
    let client: pg.Client;
    beforeAll(async () => {
      server = await startPostgres();
      client = await server.connect();
    });
    afterAll(async () => {
      await client?.end();
      await server?.remove();
    });

    const rows = (query: Sql) =>
      readPostgres(new CapturedStep(), { url: server.url }, (database) => database.rows<{ x: unknown }>(query));

    describe('database.rows', () => {
      test.each<[string, unknown]>([
        [`'2026-01-31 12:00:00.123456+02'::timestamptz`, '2026-01-31T10:00:00.123456Z'],
        [`'2026-01-31 12:00:00+00'::timestamptz`, '2026-01-31T12:00:00.000Z'],
        [`'2026-01-31 12:00:00.1'::timestamp`, '2026-01-31T12:00:00.100'],
        [`'infinity'::timestamptz`, 'infinity'],
        [`'0044-03-15 12:00:00+00 BC'::timestamptz`, '0044-03-15 12:00:00+00 BC'],
        [`'2026-01-31'::date`, '2026-01-31'],
        [`'-infinity'::date`, '-infinity'],
        [`'1 day 02:00:00'::interval`, 'P1DT2H'],
        ['9223372036854775807::bigint', '9223372036854775807'],
        ['99999999999999.9901::numeric', '99999999999999.9901'],
        ['ARRAY[99999999999999.9901, NULL]::numeric[]', ['99999999999999.9901', null]],
        [
          'ARRAY[[1,2],[3,4]]',
          [
            [1, 2],
            [3, 4],
          ],
        ],
        [`ARRAY['a"b', 'NULL', NULL, '', 'x\\y', '{}']`, ['a"b', 'NULL', null, '', 'x\\y', '{}']],
        [`ARRAY['2026-01-31 12:00:00.123456+00'::timestamptz]`, ['2026-01-31T12:00:00.123456Z']],
        [`'{}'::int[]`, []],
        ['42', 42],
        ['0.1::real', 0.1],
        [`'NaN'::float8`, Number.NaN],
        ['true', true],
        ['NULL::int', null],
        [`'\\x00ff'::bytea`, Buffer.from([0, 255])],
        [`'{"a": 9007199254740993, "b": [0.1]}'::json`, { a: 9007199254740993n, b: [0.1] }],
        [`'99999999999999.9901'::jsonb`, new ExactNumber('99999999999999.9901')],
        [`'(1,2)'::point`, '(1,2)'],
        [`'$1.50'::money`, '$1.50'],
      ])('gives %s exactly', async (expression, value) => {
        expect(await rows(raw(`SELECT ${expression} AS x`))).toEqual([{ x: value }]);
      });

      test('a bound that was read loses no row, for any type', async () => {
        await client.query(
          "CREATE TABLE events AS SELECT i AS id, '2026-01-31 12:00:00+00'::timestamptz + i * interval '1.000001 seconds' AS at FROM generate_series(1, 5) i",
        );
        const step = new CapturedStep();
        await readPostgres(step, { url: server.url }, async (database) => {
          const [newest] = await database.rows<{ at: string }>(sql`SELECT max(at) AS at FROM events`);
          await database.extract({
            dataset: 'd',
            columns: { id: 'INTEGER' },
            query: sql`SELECT id FROM events WHERE at <= ${newest?.at ?? ''} ORDER BY id`,
          });
        });
        expect(step.rows('d').flat()).toEqual(copyTextOf(server.url, 'SELECT id FROM events ORDER BY id'));
      });

      test.each<[Sql, RegExp]>([
        [sql`SELECT 1 AS a, 2 AS a`, /two columns "a"/],
        [
          sql`SELECT '[0:1]={1,2}'::int[] AS x`,
          /row 1, column "x" \(integer\[\]\), "\[0:1\]=\{1,2\}": its indexes do not begin with 1/,
        ],
        [sql`SELECT '{"a": 1, "a": 2}'::json AS x`, /row 1, column "x" \(json\), .*"a"/],
      ])('refuses %o', async (query, message) => {
        await expect(rows(query)).rejects.toMatchObject({
          name: 'ValidationError',
          message: expect.stringMatching(message),
        });
      });
    });

    describe('arrays', () => {
      const read = async (expression: string, type: string) => {
        const step = new CapturedStep();
        const query = raw(`SELECT ${expression} AS x`);
        await extractPostgres(step, { url: server.url, dataset: 'd', columns: { x: type }, query });
        return step.rows('d')[0]?.[0];
      };

      test.each([
        ['ARRAY[[1,2],[3,4]]', 'INTEGER[][]', '[[1,2],[3,4]]'],
        [`ARRAY[['a',NULL]]`, 'VARCHAR[][]', '[["a",null]]'],
        ['ARRAY[[1.5,2]]::numeric(18,2)[]', 'DECIMAL(18,2)[][]', '[["1.50","2.00"]]'],
        [`'{}'::int[]`, 'INTEGER[][]', '[]'],
        ['NULL::int[]', 'INTEGER[]', null],
        [`ARRAY['DE'::char(2)]`, 'VARCHAR[]', '["DE"]'],
        [`ARRAY['{"a": [1]}'::jsonb]`, 'STRUCT(a INTEGER[])[]', '[{"a": [1]}]'],
        // A text is not a list: the dataset refuses it, with row, column and value.
        ['ARRAY[[1,2],[3,4]]', 'INTEGER[]', '"{{1,2},{3,4}}"'],
        ['ARRAY[1,2]', 'INTEGER[][]', '"{1,2}"'],
        [`'[0:1]={1,2}'::int[]`, 'INTEGER[]', '"[0:1]={1,2}"'],
      ])('%s as %s', async (expression, type, value) => {
        expect(await read(expression, type)).toBe(value);
      });

      test('of domains count as arrays of the base type', async () => {
        await client.query('CREATE DOMAIN amount AS numeric(10,2); CREATE DOMAIN amounts AS amount[]');
        expect(await read(`'{1.5}'::amount[]`, 'DECIMAL(10,2)[]')).toBe('["1.50"]');
        expect(await read(`'{1.5}'::amounts`, 'DECIMAL(10,2)[]')).toBe('["1.50"]');
      });
    });

    describe('a parameter', () => {
      test('of a domain has the value that psql binds, or is an error', async () => {
        await client.query(
          "CREATE DOMAIN short AS char(2); CREATE TABLE places (code short); INSERT INTO places VALUES ('DE')",
        );
        const count = (value: string) => rows(sql`SELECT count(*)::int AS x FROM places WHERE code = ${value}::short`);
        const step = new CapturedStep();
        const query = sql`SELECT code FROM places WHERE code = ${'DE'}::short`;
        await extractPostgres(step, { url: server.url, dataset: 'd', columns: { code: 'VARCHAR' }, query });
        expect(step.rows('d')).toEqual([['DE']]);
        await expect(count('DEU')).rejects.toThrow(/value too long for type character\(2\)/);
        await expect(
          extractPostgres(new CapturedStep(), {
            url: server.url,
            dataset: 'd',
            columns: { code: 'VARCHAR' },
            query: sql`SELECT code FROM places WHERE code = ${'DEU'}::short`,
          }),
        ).rejects.toThrow(/value too long for type character\(2\)/);
      });
    });

    describe('a cursor among equal values with different texts', () => {
      test.each([
        ['float8', 'DOUBLE', [`'-0'`, `'0'`, `'-0'`, `'1'`]],
        ['pg_catalog.bpchar', 'VARCHAR', [`'a'`, `'a '`, `'a  '`, `'b'`]],
        ['jsonb', 'VARCHAR', [`'1.0'`, `'1.00'`, `'1'`, `'2'`]],
        ['text COLLATE nocase', 'VARCHAR', [`'a'`, `'A'`, `'a'`, `'b'`]],
      ] as const)('%s: no row is left out and none comes twice', async (type, column, values) => {
        await client.query(`CREATE COLLATION IF NOT EXISTS nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
        DROP TABLE IF EXISTS ties; CREATE TABLE ties (id int, x ${type}, filler text);
        INSERT INTO ties SELECT i * 4 + j, v, repeat('x', 300000) FROM generate_series(0, 3) i, (VALUES ${values.map((value, index) => `(${index}, ${value}::${type.replace(/ COLLATE.*/, '')})`).join(', ')}) t(j, v)`);
        const found: string[] = [];
        let checkpoint: CapturedStep['checkpoint'];
        for (;;) {
          const step = new CapturedStep();
          step.checkpoint = checkpoint;
          step.onYield = (state) => {
            checkpoint = state as typeof checkpoint;
            throw new Error('handed on');
          };
          const ended = await extractPostgres(step, {
            url: server.url,
            dataset: 'd',
            columns: { id: 'INTEGER', x: column, filler: 'VARCHAR' },
            query: sql`SELECT * FROM ties`,
            key: 'x',
          }).catch((error: Error) => error.message);
          found.push(...step.rows('d').map(([id]) => id ?? ''));
          if (ended !== 'handed on') break;
        }
        expect(found.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, index) => index));
      });

      test('a list cannot be a key', async () => {
        const reading = extractPostgres(new CapturedStep(), {
          url: server.url,
          dataset: 'd',
          columns: { x: 'INTEGER[]' },
          query: sql`SELECT ARRAY[1] AS x`,
          key: 'x',
        });
        await expect(reading).rejects.toThrow(/key's column "x" holds lists or structs/);
      });

      test('of another database is refused', async () => {
        const step = new CapturedStep();
        step.checkpoint = { postgres: { d: { from: 'database "other" of server 1', key: ['x'], after: ['1'] } } };
        const query = sql`SELECT 1 AS x`;
        await expect(
          extractPostgres(step, { url: server.url, dataset: 'd', columns: { x: 'INTEGER' }, query, key: 'x' }),
        ).rejects.toMatchObject({
          name: 'PermanentError',
          message: expect.stringMatching(/begun from database "other" of server 1 .*resume --from/),
        });
      });
    });

    test('a missing database is named, and no error shows the password', async () => {
      const url = server.url.replace('postgres@', 'postgres:s3cr%2Fet@').replace(/\/[^/]*$/, '/nowhere');
      const error = (await rowsAt(url).catch((caught: Error) => caught)) as Error;
      expect(error).toMatchObject({
        name: 'PermanentError',
        message: expect.stringMatching(/database "nowhere" does not exist \(SQLSTATE 3D000\)/),
      });
      expect(`${error.stack}${JSON.stringify(error)}`).not.toMatch(/s3cr/);
    });

    const rowsAt = (url: string) =>
      readPostgres(new CapturedStep(), { url }, (database) => database.rows(sql`SELECT 1 AS x`));
  },
);
