import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Extract, extractPostgres, loadFiles, sql } from '../../../lib/connectors/sources.ts';
import { drive, type Fault, minute } from '../../runtime/attempt/long-run.ts';
import { aStep, attempt, memoryWorld } from '../../runtime/fixtures.ts';
import { type PostgresServer, postgresPrograms, startPostgres } from '../../support/postgres-server.ts';
import { sized, slowTest } from '../../support/sized.ts';

describe.skipIf(postgresPrograms === null)(
  'from PostgreSQL into a committed dataset (skipped where it is not installed)',
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

    /** The rows that a downstream step reads from an extraction's dataset. */
    const stored = async (extract: Omit<Extract, 'dataset'>): Promise<Record<string, unknown>[]> => {
      const world = memoryWorld();
      await attempt(world, { step: aStep('extract') }, (step) =>
        extractPostgres(step, { url: server.url, dataset: 'd', ...extract }),
      );
      const rows: Record<string, unknown>[] = [];
      await attempt(world, { step: aStep('reader', { dependencies: ['extract'] }) }, async (step) => {
        for await (const batch of step.rows('extract.d')) rows.push(...batch);
      });
      return rows;
    };

    const columns = {
      id: 'BIGINT',
      text: 'VARCHAR',
      amount: 'DECIMAL(38,10)',
      ratio: 'DOUBLE',
      flag: 'BOOLEAN',
      day: 'DATE',
      at: 'TIMESTAMP',
      tags: 'VARCHAR[]',
      items: 'STRUCT(a BIGINT, "b c" VARCHAR, price DECIMAL(18,4))[]',
    };
    const text = fc.string({
      unit: fc.constantFrom('a', '"', ',', '\n', '\r', '\\', '.', "'", ' ', 'é', '🏔', '{', '\t', '\u2028', 'NULL'),
    });
    const row = fc.record({
      text: fc.option(text),
      amount: fc.option(
        fc
          .tuple(fc.bigInt({ min: -(10n ** 27n), max: 10n ** 27n }), fc.integer({ min: 0, max: 9_999_999_999 }))
          .map(([whole, part]) => `${whole}.${String(part).padStart(10, '0')}`),
      ),
      // The driver that fills the table writes -0 as 0.
      ratio: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value || 0)),
      flag: fc.option(fc.boolean()),
      day: fc.option(
        fc
          .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
          .map((date) => date.toISOString().slice(0, 10)),
      ),
      at: fc.option(
        fc
          .date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true })
          .map((date) => date.toISOString()),
      ),
      tags: fc.option(fc.array(fc.option(text), { maxLength: 3 })),
      items: fc.option(
        fc.array(
          fc.record({
            a: fc.option(fc.maxSafeInteger()),
            'b c': fc.option(text),
            price: fc.option(fc.integer({ min: -99_999, max: 99_999 }).map((cents) => (cents / 100).toFixed(4))),
          }),
          { maxLength: 3 },
        ),
      ),
    });

    test('every value arrives unchanged', async () => {
      await client.query(
        'CREATE TABLE any_rows (id bigint, text text, amount numeric(38,10), ratio float8, flag boolean, day date, at timestamptz, tags text[], items jsonb)',
      );
      await fc.assert(
        fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), fc.boolean(), async (rows, keyed) => {
          await client.query('TRUNCATE any_rows');
          for (const [id, { items, ...values }] of rows.entries()) {
            await client.query('INSERT INTO any_rows VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
              id,
              ...Object.values(values),
              items && JSON.stringify(items),
            ]);
          }
          const found = await stored({
            columns,
            query: sql`SELECT * FROM any_rows ORDER BY id`,
            ...(keyed && { key: 'id' }),
          });
          const plain = (value: Record<string, unknown>, id: number) => ({
            ...value,
            id,
            amount: typeof value.amount === 'string' ? value.amount.replace(/^-(0\.0*)$/, '$1') : null,
            at: typeof value.at === 'string' ? new Date(value.at).getTime() : null,
          });
          expect(
            found.map((one, index) => ({
              ...one,
              at: one.at === null ? null : new Date(String(one.at)).getTime(),
              id: index,
            })),
          ).toEqual(rows.map(plain));
        }),
        { numRuns: sized(3, 25) },
      );
    });

    test('a column alone, of nulls and empty texts', async () => {
      const found = await stored({
        columns: { x: 'VARCHAR' },
        query: sql`SELECT x FROM (VALUES (NULL), (''), (NULL), ('a'), (NULL)) v(x)`,
      });
      expect(found.map(({ x }) => x)).toEqual([null, '', null, 'a', null]);
    });

    test.each([
      ['nothing goes wrong', []],
      [
        'invocations are killed',
        [
          undefined,
          { at: /^put .*\/checkpoint/, kind: 'before' },
          { at: /^upload/, kind: 'after' },
          { at: /^put .*\/checkpoint/, kind: 'after' },
        ],
      ],
    ] as const)(
      'a long step goes on behind its last row until all are there, each once, when %s',
      async (_, faults) => {
        await client.query(
          `DROP TABLE IF EXISTS long; CREATE TABLE long AS SELECT i AS id, repeat('x', 500) AS filler FROM generate_series(1, 10000) i ORDER BY i % 17`,
        );
        const read = async (minutesPerChunk: number, theirs: readonly (Fault | undefined)[]) => {
          const world = memoryWorld();
          return drive(world, {
            faults: theirs,
            handler: (step) => {
              const progress = async (): Promise<void> => world.clock.pass(minutesPerChunk * minute);
              const extract = {
                dataset: 'd',
                columns: { id: 'INTEGER', filler: 'VARCHAR' },
                query: sql`SELECT * FROM long`,
                key: 'id',
              };
              return extractPostgres({ ...step, progress }, { url: server.url, ...extract });
            },
          });
        };
        const whole = await read(0, []);
        const long = await read(5, faults);
        expect(whole.invocations).toBe(1);
        expect(long.invocations).toBeGreaterThan(3);
        expect(long.rows).toEqual(Array.from({ length: 10_000 }, (_, index) => index + 1));
        expect(long.manifest?.digest).toBe(whole.manifest?.digest);
      },
    );

    test('no rows make a dataset without rows', async () => {
      expect(await stored({ columns: { x: 'INTEGER' }, query: sql`SELECT 1 AS x WHERE false` })).toEqual([]);
    });

    slowTest('texts of megabytes', async () => {
      const found = await stored({
        columns: { x: 'VARCHAR' },
        query: sql`SELECT repeat('ab"c' || chr(10), n) AS x FROM (VALUES (2000000), (1)) v(n)`,
      });
      expect(found.map(({ x }) => (x as string).length)).toEqual([10_000_000, 5]);
    });

    test.each<[string, string, unknown]>([
      [`'NaN'::float8`, 'DOUBLE', Number.NaN],
      [`'-Infinity'::float8`, 'DOUBLE', Number.NEGATIVE_INFINITY],
      [`-0.0::float8`, 'DOUBLE', -0],
      [`5e-324::float8`, 'DOUBLE', 5e-324],
      [`'0001-01-01'::date`, 'DATE', '0001-01-01'],
      [`'2026-01-31 12:00:00.123456+00'::timestamptz`, 'TIMESTAMP', '2026-01-31T12:00:00.123456Z'],
      ['-9223372036854775808', 'BIGINT', -9223372036854775808n],
      [`json_build_array(9223372036854775807, 1)`, 'BIGINT[]', [9223372036854775807n, 1]],
    ])('%s is read unchanged', async (expression, type, expected) => {
      const query = sql([`SELECT ${expression} AS x`] as unknown as TemplateStringsArray);
      expect((await stored({ columns: { x: type }, query }))[0]?.x).toEqual(expected);
    });

    test.each([
      [`'infinity'::date`, 'DATE', /row 1 does not fit:\n- column "x": "infinity" does not fit DATE/],
      [`'-infinity'::timestamptz`, 'TIMESTAMP', /column "x": "-infinity" does not fit TIMESTAMP/],
      [`'0044-03-15 BC'::date`, 'DATE', /column "x": "0044-03-15 BC" does not fit DATE/],
      [`'12026-01-01'::date`, 'DATE', /column "x": "12026-01-01" does not fit DATE/],
      [`'NaN'::numeric(18,4)`, 'DECIMAL(18,4)', /column "x": "NaN" does not fit DECIMAL/],
      [`'[{"p": 1.00001}]'::json`, 'STRUCT(p DECIMAL(18,4))[]', /does not fit STRUCT/],
      [`'[1.5]'::json`, 'BIGINT[]', /does not fit BIGINT\[\]/],
      [`'{"q": 1}'::json`, 'STRUCT(p INTEGER)', /unknown key|does not fit STRUCT/],
      [`'[1]'::json`, 'STRUCT(p INTEGER)', /does not fit STRUCT/],
    ])('%s as %s is an error with row and value', async (expression, type, message) => {
      const query = sql([`SELECT ${expression} AS x, 1 AS one`] as unknown as TemplateStringsArray);
      await expect(stored({ columns: { x: type, one: 'INTEGER' }, query })).rejects.toMatchObject({
        name: 'ValidationError',
        message: expect.stringMatching(message),
      });
    });
  },
);

test('files of the store become a committed dataset, and their bad lines another', async () => {
  const world = memoryWorld();
  const lines = ['id,name,price,tags', '1,"a ""b""\r\nc",1.50,"[""x"",null]"', 'x,b,2,', '3,,-0.10,[]'];
  await world.store.put('sources/in.csv', lines.join('\n'));
  await attempt(world, { step: aStep('extract') }, (step) =>
    loadFiles(step, {
      dataset: 'd',
      columns: { id: 'BIGINT', name: 'VARCHAR', price: 'DECIMAL(18,2)', tags: 'VARCHAR[]' },
      files: 'in.csv',
      quarantine: {},
    }),
  );
  const found: Record<string, unknown[]> = { d: [], d_rejected: [] };
  await attempt(world, { step: aStep('reader', { dependencies: ['extract'] }) }, async (step) => {
    for (const [name, rows] of Object.entries(found))
      for await (const batch of step.rows(`extract.${name}`)) rows.push(...batch);
  });
  expect(found.d).toEqual([
    { id: 1, name: 'a "b"\r\nc', price: '1.50', tags: ['x', null] },
    { id: 3, name: null, price: '-0.10', tags: [] },
  ]);
  expect(found.d_rejected).toEqual([
    { file: 'in.csv', line: 4, reason: expect.stringMatching(/"x" does not fit BIGINT/), text: 'x,b,2,' },
  ]);
});
