import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { loadPostgres } from '../../../lib/connectors/sinks.ts';
import { ExactNumber } from '../../../lib/exact/exact-number.ts';
import { type PostgresServer, postgresPrograms, startPostgres } from '../../support/postgres-server.ts';
import { sampled } from '../../support/sized.ts';
import { MemoryRun } from '../memory-step.ts';
import { copyTextOf } from './copy-text-of.ts';

describe.skipIf(postgresPrograms === null)('values and columns (skipped where PostgreSQL is not installed)', () => {
  let server: PostgresServer;
  let client: pg.Client;
  beforeAll(async () => {
    server = await startPostgres();
    client = await server.connect();
    await client.query(`
      CREATE DOMAIN cents AS numeric(12,2) CHECK (VALUE >= 0);
      CREATE DOMAIN code AS char(2);
      CREATE TYPE pair AS (a int, b numeric(10,2));
      CREATE TYPE mood AS ENUM ('sad', 'happy')`);
  });
  afterAll(async () => {
    await client?.end();
    await server?.remove();
  });

  /** Loads one value into a column of a type, behind a row with null. */
  const load = async (type: string, value: unknown): Promise<string | undefined> => {
    await client.query(`DROP TABLE IF EXISTS target, daybreak_loads; CREATE TABLE target (id int, x ${type})`);
    const rows = [
      { id: 1, x: null },
      { id: 2, x: value },
    ];
    const target = { url: server.url, table: 'target', columns: ['id', 'x'], mode: 'append' } as const;
    await loadPostgres(new MemoryRun().step(), rows, target);
    return copyTextOf(server.url, 'SELECT x FROM target WHERE id = 2')[0];
  };

  test.each(
    sampled<[type: string, value: unknown, stored: string]>(
      [
        ['numeric(18,2)', '12.5', '12.50'],
        ['numeric(18,2)', '1.0000', '1.00'],
        ['numeric(18,2)', 12.5, '12.50'],
        ['numeric(18,2)', new ExactNumber('9999999999999999.99'), '9999999999999999.99'],
        ['numeric(5,-2)', '1200', '1200'],
        ['numeric(2,4)', '0.0012', '0.0012'],
        ['numeric', Number.NaN, 'NaN'],
        ['numeric', '99999999999999999999999999999999999999.9901', '99999999999999999999999999999999999999.9901'],
        ['int', '12.00', '12'],
        ['bigint', 9007199254740993n, '9007199254740993'],
        ['float8', 0.1, '0.1'],
        ['float8', -0, '-0'],
        ['float8', '9007199254740992', '9.007199254740992e+15'],
        ['float8', 2 ** 60, '1.152921504606847e+18'],
        ['real', 0.1, '0.1'],
        ['real', 0.10000000149011612, '0.1'],
        ['real', 16777216, '1.6777216e+07'],
        ['boolean', true, 't'],
        ['boolean', 0, 'f'],
        ['date', '2026-01-31', '2026-01-31'],
        ['date', '-000043-03-15', '0044-03-15 BC'],
        ['date', '+012026-01-01', '12026-01-01'],
        ['date', 'infinity', 'infinity'],
        ['timestamptz', '2026-01-31T23:59:59.999999Z', '2026-01-31 23:59:59.999999+00'],
        ['timestamptz', '2026-01-31T12:00:00+02:00', '2026-01-31 10:00:00+00'],
        ['timestamptz', '-000043-03-15T12:00:00.500Z', '0044-03-15 12:00:00.5+00 BC'],
        ['timestamptz', new Date('2026-01-31T12:00:00.123Z'), '2026-01-31 12:00:00.123+00'],
        ['timestamptz(0)', '2026-01-31T12:00:00.000Z', '2026-01-31 12:00:00+00'],
        ['timestamp', '2026-01-31T12:00:00.123456Z', '2026-01-31 12:00:00.123456'],
        ['timestamp(3)', '2026-01-31 12:00:00.123', '2026-01-31 12:00:00.123'],
        ['time(2)', '23:59:59.99', '23:59:59.99'],
        ['interval', '1 day 02:00:00.5', 'P1DT2H0.5S'],
        ['interval(1)', '00:00:00.5', 'PT0.5S'],
        ['char(3)', 'ab', 'ab '],
        ['varchar(2)', '🏔🏔', '🏔🏔'],
        ['code', 'DE', 'DE'],
        ['cents', '1.10', '1.10'],
        ['jsonb', '{"theme": "dark"}', '{"theme": "dark"}'],
        [
          'jsonb',
          { price: new ExactNumber('12345678901234.5678'), big: 9007199254740993n },
          '{"big": 9007199254740993, "price": 12345678901234.5678}',
        ],
        ['jsonb', '12345678901234567890.12345', '12345678901234567890.12345'],
        ['jsonb', [1, null], '[1, null]'],
        ['json', '{"a": 1,  "a": 2}', '{"a": 1,  "a": 2}'],
        ['bytea', new Uint8Array([0, 255, 92]), '\\\\x00ff5c'],
        ['bytea', '\\x00ff5c', '\\\\x00ff5c'],
        ['money', '12.50', '$12.50'],
        ['bit(3)', '101', '101'],
        ['int[]', [1, null, 2], '{1,NULL,2}'],
        [
          'int[]',
          [
            [1, 2],
            [3, 4],
          ],
          '{{1,2},{3,4}}',
        ],
        ['int[]', '[0:1]={1,2}', '[0:1]={1,2}'],
        ['numeric(18,2)[]', ['1.5', null], '{1.50,NULL}'],
        ['text[]', ['', 'NULL', null, 'a"b\\c', '{}', ' '], '{"","NULL",NULL,"a\\\\"b\\\\\\\\c","{}"," "}'],
        ['jsonb[]', [[1, 2], { a: 1 }], '{"[1, 2]","{\\\\"a\\\\": 1}"}'],
        ['int4range', '[1,10)', '[1,10)'],
        ['pair', '(1,2.50)', '(1,2.50)'],
        ['mood', 'happy', 'happy'],
        ['text', 12, '12'],
      ],
      4,
    ),
  )('%s stores %o exactly', async (type, value, stored) => expect(await load(type, value)).toBe(stored));

  test.each(
    sampled<[type: string, value: unknown, reason: RegExp]>(
      [
        ['numeric(18,2)', '1.005', /more than 2 digits after the point: "1.005"/],
        ['numeric(18,2)', '12345678901234567', /more than 16 digits before the point: "12345678901234567"/],
        ['numeric(5,-2)', '1250', /would store "1250" as "1300"/],
        ['cents', '1.005', /more than 2 digits after the point/],
        ['cents', '-1', /violates check constraint "cents_check" \(SQLSTATE 23514\)/],
        ['numeric(18,2)[]', ['1.00', '1.005'], /\[1\] .*more than 2 digits/],
        ['numeric(18,2)[]', '{1.00,1.005}', /\[1\] .*more than 2 digits/],
        ['pair', '(1,2.505)', /would store "\(1,2.505\)" as "\(1,2.51\)"/],
        ['int', '12.5', /not an integer: "12.5"/],
        ['int', 2147483648, /not between -2147483648 and 2147483647: 2147483648/],
        ['smallint', 32768, /not between/],
        ['oid', -1, /not between 0 and 4294967295: -1/],
        ['float8', '9007199254740993', /would round it: "9007199254740993"/],
        ['float8', 9007199254740993n, /would round it: 9007199254740993n/],
        ['float8', '1e400', /would round it/],
        ['real', 16777217, /would round it: 16777217/],
        ['real', 0.30000000000000004, /would round it/],
        ['real', 1e300, /would round it/],
        ['date', '2026-01-31T23:59:59.000Z', /not a day such as/],
        ['date', new Date('2026-01-31T00:00:00Z'), /not a day such as/],
        ['date', '2026-02-30', /date\/time field value out of range: "2026-02-30" \(SQLSTATE 22008\)/],
        ['timestamptz(0)', '2026-01-31T23:59:59.999999Z', /whole seconds: "2026-01-31T23:59:59.999999Z"/],
        ['timestamptz', '2026-01-31T23:59:59.9999999Z', /6 digits behind the second/],
        ['timestamptz', '2026-01-31 12:00:00', /not a moment with its zone/],
        ['timestamptz', '2026-01-31', /not a moment with its zone/],
        ['timestamptz', '2026-01-31T23:59:60Z', /not a moment with its zone/],
        ['timestamp', '2026-01-31T12:00:00+02:00', /not a moment in UTC/],
        ['timestamp(3)', '2026-01-31T12:00:00.123456Z', /3 digits behind the second/],
        ['time(2)', '23:59:59.999', /2 digits behind the second/],
        ['time', '2026-01-31T12:00:00Z', /not a time such as/],
        ['timetz', '12:00:00', /not a time with its zone/],
        ['interval', '0.1 years', /a fraction of something else than seconds/],
        ['interval(1)', '00:00:00.55', /would store "00:00:00.55" as "PT0.6S"/],
        ['interval year to month', '1 year 2 days', /would store "1 year 2 days" as "P1Y"/],
        ['char(2)', 'DEU', /has 3 characters, and the column has room for 2: "DEU"/],
        ['char(2)', 'DE   ', /has 5 characters/],
        ['varchar(3)', 'abc  ', /has 5 characters/],
        ['varchar(3)[]', ['abc', 'abcd'], /\[1\] .*has 4 characters/],
        ['code', 'DEU', /has 3 characters/],
        ['name', 'x'.repeat(64), /has 64 bytes/],
        ['"char"', 'ab', /would store "ab" as "a"/],
        ['bit(3)', '10', /has 2 bits, and the column 3: "10"/],
        ['varbit(3)', '1011', /has 4 bits/],
        ['boolean', 'maybe', /not true or false: "maybe"/],
        ['bytea', 'AAEC', /a text such as "\\x00ff"/],
        ['money', '1.005', /would store "1.005" as/],
        ['xid', '4294967296', /would store "4294967296" as "0"/],
        ['xid', 'abc', /would store "abc" as "0"/],
        ['int4range', '[1,5]', /would store "\[1,5\]" as "\[1,6\)"/],
        ['tsvector', 'b a a', /would store "b a a" as "'a' 'b'"/],
        ['jsonb', 'dark', /not JSON .*JSON\.stringify\(text\): "dark"/],
        ['jsonb', '{"a": 1, "a": 2}', /not JSON/],
        ['jsonb', { a: [1, Number.NaN] }, /\.a\[1\] \(jsonb\): NaN is not JSON/],
        ['jsonb', { a: Number.POSITIVE_INFINITY }, /\.a \(jsonb\): Infinity is not JSON/],
        ['jsonb', { a: new Map() }, /a Map is not JSON/],
        ['jsonb', '"\\u0000"', /unsupported Unicode escape sequence \(SQLSTATE 22P05\)/],
        ['json', 'dark', /not JSON/],
        ['float8', '0.1234567890123456789', /a double holds about 16 digits/],
        ['int[]', [[1], [2, 3]], /lists of one length/],
        ['int[]', [[1], null], /lists of one length/],
        ['int[]', [[], []], /lists of one length/],
        ['text', new Uint8Array([1]), /bytes need a column of type bytea/],
        ['text', ['a'], /a list needs a column of type jsonb or an array/],
        ['uuid', 'abc', /invalid input syntax for type uuid: "abc" \(SQLSTATE 22P02\)/],
        ['uuid', 12, /given as a string: 12/],
        ['mood', 'glad', /invalid input value for enum mood: "glad"/],
        ['inet', '10.0.0.300', /invalid input syntax for type inet/],
        ['regclass', 'no_such_table', /relation "no_such_table" does not exist/],
      ],
      4,
    ),
  )('%s refuses %o with row, column and value', async (type, value, reason) => {
    await expect(load(type, value)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringMatching(new RegExp(`row 2, column "x".*${reason.source}`, 's')),
    });
    expect(copyTextOf(server.url, 'SELECT x FROM target')).toEqual([]);
  });

  test('with MASK_VALUES, no error quotes a value', async () => {
    vi.stubEnv('MASK_VALUES', 'true');
    for (const type of ['mood', 'numeric(18,2)', 'date', 'xid', 'uuid', 'inet']) {
      const error = await load(type, 'secret-4711').catch((thrown: Error) => thrown);
      expect(error).toMatchObject({ name: 'ValidationError', message: expect.stringMatching(/^row 2, column "x"/) });
      expect((error as Error).message).not.toMatch(/secret|4711/);
    }
    vi.unstubAllEnvs();
  });

  test('a null in an array stays a null, even if a setting of the role reads it as a text', async () => {
    await client.query('ALTER ROLE CURRENT_USER SET array_nulls TO off');
    expect(await load('text[]', [null, 'NULL'])).toBe('{NULL,"NULL"}');
    await client.query('ALTER ROLE CURRENT_USER RESET array_nulls');
  });

  describe('a column that takes no rows is refused before the first row', () => {
    test.each([
      ['id int GENERATED ALWAYS AS (1) STORED, x text', /column "id" is computed by the table/],
      ['id int GENERATED ALWAYS AS IDENTITY, x text', /column "id" is numbered by the table/],
      ['id int, x text, day date NOT NULL', /column "day" \(date\) is NOT NULL, has no default, and is not among/],
    ])('%s', async (columns, message) => {
      await client.query(`DROP TABLE IF EXISTS target; CREATE TABLE target (${columns})`);
      let asked = 0;
      const rows = (function* () {
        asked += 1;
        yield { id: 1, x: 'a' };
      })();
      const target = { url: server.url, table: 'target', columns: ['id', 'x'], mode: 'append' } as const;
      await expect(loadPostgres(new MemoryRun().step(), rows, target)).rejects.toMatchObject({
        name: 'PermanentError',
        message: expect.stringMatching(message),
      });
      expect(asked).toBe(0);
    });

    test('the table fills the other columns', async () => {
      await client.query(
        'DROP TABLE IF EXISTS target, daybreak_loads; CREATE TABLE target (id int GENERATED BY DEFAULT AS IDENTITY, x text, n int NOT NULL DEFAULT 7, g int GENERATED ALWAYS AS (1) STORED)',
      );
      const target = { url: server.url, table: 'target', columns: ['x'], mode: 'append' } as const;
      await loadPostgres(new MemoryRun().step(), [{ x: 'a' }], target);
      expect(copyTextOf(server.url, 'SELECT * FROM target')).toEqual(['1\ta\t7\t1']);
    });

    test('a null for a column that is NOT NULL names its row', async () => {
      await client.query('DROP TABLE IF EXISTS target; CREATE TABLE target (x text NOT NULL)');
      const target = { url: server.url, table: 'target', columns: ['x'], mode: 'append' } as const;
      await expect(loadPostgres(new MemoryRun().step(), [{ x: 'a' }, { x: null }], target)).rejects.toMatchObject({
        name: 'ValidationError',
        message: expect.stringMatching(/row 2, column "x" \(text\): the column is NOT NULL/),
      });
    });
  });
});
