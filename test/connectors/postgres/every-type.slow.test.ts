import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadPostgres } from '../../../lib/connectors/sinks.ts';
import { extractPostgres, ident, type Sql, sql } from '../../../lib/connectors/sources.ts';
import { aStep, attempt, memoryWorld } from '../../runtime/fixtures.ts';
import { type PostgresServer, postgresPrograms, startPostgres } from '../../support/postgres-server.ts';
import { CapturedStep } from '../captured-step.ts';
import { MemoryRun } from '../memory-step.ts';
import { copyTextOf, psql } from './copy-text-of.ts';
import { declaredType, everyType, ownTypes, type TypeRow, withoutInput } from './every-type.ts';

/** A piece of the test's own SQL. */
const raw = (text: string): Sql => sql([text] as unknown as TemplateStringsArray);
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

describe.skipIf(postgresPrograms === null)('every type of PostgreSQL (skipped where it is not installed)', () => {
  let server: PostgresServer;
  let client: pg.Client;
  beforeAll(async () => {
    server = await startPostgres();
    client = await server.connect();
    await client.query(ownTypes);
    for (const type of everyType) {
      const table = ident(`one ${type.name}`).text;
      await client.query(`CREATE TABLE ${table} (id int PRIMARY KEY, x ${declaredType(type)})`);
      for (const [id, value] of valuesOf(type).entries())
        await client.query(`INSERT INTO ${table} VALUES ($1, $2)`, [id, value]);
    }
  });
  afterAll(async () => {
    await client?.end();
    await server?.remove();
  });

  const valuesOf = ({ values, onlyAsText = [] }: TypeRow): readonly string[] => [...values, ...onlyAsText];
  const table = ({ name }: TypeRow): string => ident(`one ${name}`).text;
  /** The values as COPY shows them, without its escapes. */
  const shownBy = (type: TypeRow): readonly string[] =>
    JSON.parse(psql(server.url, `SELECT json_agg(format('%s', x) ORDER BY id) FROM ${table(type)}`));

  test('is in the table of this test', async () => {
    const { rows } = await client.query<{ name: string }>(`
      SELECT typname AS name FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace
      WHERE typtype <> 'p' AND (nspname = 'pg_catalog' OR nspname = 'public') AND (typcategory <> 'A' OR typname IN ('int2vector', 'oidvector'))
        AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind <> 'c')`);
    const known = [...everyType.map(({ name }) => name), ...withoutInput];
    expect(rows.map(({ name }) => name).sort()).toEqual(known.sort());
  });

  describe('as a parameter has the value that psql binds', () => {
    test.each(everyType.map((type) => [type.name, type] as const))('%s', async (_, type) => {
      const { rows } = await client.query<{ name: string }>(
        "SELECT quote_ident(nspname) || '.' || quote_ident(typname) AS name FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace WHERE typname = $1",
        [type.name],
      );
      const shown = shownBy(type);
      const echoes = shown.map((value) => sql`SELECT format('%s', ${value}::${raw(rows[0]?.name ?? '')}) AS x`);
      const equals = shown.map((value) => sql`SELECT id::text AS x FROM ${raw(table(type))} WHERE x = ${value}`);
      expect(await read(joined(echoes))).toEqual({ rows: shown });
      const expected = byPsql(joined(equals));
      const found = await read(joined(equals));
      if ('error' in expected) expect(found).toEqual({ error: expect.stringContaining(expected.error) });
      else expect(found).toEqual(expected);
      if ('rows' in expected) expect(new Set(expected.rows).size).toBe(new Set(shown).size);
    });

    const joined = (queries: readonly Sql[]): Sql => queries.reduce((all, one) => sql`${all}\nUNION ALL\n${one}`);

    /** The rows of one column, or the server's error. */
    type Answer = { readonly rows: readonly (string | null | undefined)[] } | { readonly error: string };

    const read = async (query: Sql): Promise<Answer> => {
      const step = new CapturedStep();
      try {
        await extractPostgres(step, { url: server.url, dataset: 'd', columns: { x: 'VARCHAR' }, query });
        return { rows: step.rows('d').map(([x]) => x) };
      } catch (error) {
        return { error: (error as Error).message };
      }
    };

    const byPsql = ({ texts, values }: Sql): Answer => {
      const numbered = texts.map((text, index) => (index === 0 ? text : `$${index}${text}`)).join('');
      const statement = `PREPARE one AS SELECT coalesce(json_agg(x), '[]') FROM (${numbered}) q; EXECUTE one(${values.map((value) => quoted(String(value))).join(', ')})`;
      try {
        return { rows: JSON.parse(psql(server.url, statement)) };
      } catch (error) {
        const { stderr } = error as { stderr: string };
        return { error: /ERROR: {2}(.*)/.exec(stderr)?.[1] ?? stderr };
      }
    };
  });

  describe('as a cursor keeps its place', () => {
    const keyed = everyType.filter(({ column, name }) => column !== null && name !== 'json' && name !== 'xml');
    test.each(keyed.map((type) => [type.name, type] as const))('%s', async (_, type) => {
      const query = sql`SELECT x, id FROM ${raw(table(type))} WHERE id < ${type.values.length}`;
      const extract = { dataset: 'd', columns: { x: type.column ?? '', id: 'INTEGER' }, query, key: ['x', 'id'] };
      const all = new CapturedStep();
      let state: { postgres: { d: object } } = { postgres: { d: {} } };
      all.onYield = (given) => {
        state = given as typeof state;
      };
      await extractPostgres(all, { url: server.url, ...extract });
      const ids = all.rows('d').map(([, id]) => id);
      expect(ids).toEqual(
        copyTextOf(server.url, `SELECT id FROM ${table(type)} WHERE id < ${type.values.length} ORDER BY x, id`),
      );
      for (const [position, row] of all.rows('d').entries()) {
        const rest = new CapturedStep();
        rest.checkpoint = { postgres: { d: { ...state.postgres.d, after: row } } };
        await extractPostgres(rest, { url: server.url, ...extract });
        expect(
          rest.rows('d').map(([, id]) => id),
          String(row),
        ).toEqual(ids.slice(position + 1));
      }
    });
  });

  describe('travels from a table through a dataset and a query into a table', () => {
    /** Reads each type's column by an expression, and loads it into a table of the same types. */
    const travel = async (
      types: readonly TypeRow[],
      {
        column,
        read,
        keep,
      }: {
        column(type: TypeRow): string;
        read(x: string, type: TypeRow): string;
        keep(type: TypeRow): readonly string[];
      },
    ) => {
      await client.query('DROP TABLE IF EXISTS source, target, daybreak_loads');
      const names = types.map(({ name }) => ident(name).text);
      const columns = types.map((type, index) => `${names[index]} ${declaredType(type)}`).join(', ');
      const most = Math.max(...types.map((type) => keep(type).length));
      await client.query(`CREATE TABLE source (id int, ${columns}); CREATE TABLE target (id int, ${columns})`);
      for (let id = 0; id <= most; id += 1) {
        const values = types.map((type) => keep(type)[id] ?? null);
        await client.query(`INSERT INTO source VALUES ($1, ${values.map((_, index) => `$${index + 2}`)})`, [
          id,
          ...values,
        ]);
      }
      const world = memoryWorld();
      const declared = { id: 'INTEGER', ...Object.fromEntries(types.map((type) => [type.name, column(type)])) };
      const selected = types.map((type, index) => `${read(names[index] ?? '', type)} AS ${names[index]}`).join(', ');
      await attempt(world, { step: aStep('extract') }, (step) =>
        extractPostgres(step, {
          url: server.url,
          dataset: 'd',
          columns: declared,
          query: raw(`SELECT id, ${selected} FROM source ORDER BY id`),
        }),
      );
      await attempt(world, { step: aStep('query', { dependencies: ['extract'] }) }, (step) =>
        step.write('d', step.sql('SELECT * FROM "extract"."d" WHERE id >= 0 ORDER BY id')),
      );
      await attempt(world, { step: aStep('load', { dependencies: ['query'] }) }, (step) =>
        loadPostgres(step, step.rows('query.d'), {
          url: server.url,
          table: 'target',
          columns: ['id', ...types.map(({ name }) => name)],
          mode: 'replace',
        }),
      );
      for (const name of names) {
        const rows = (from: string) => copyTextOf(server.url, `SELECT id, ${name} FROM ${from} ORDER BY id`);
        expect(rows('target'), name).toEqual(rows('source'));
        expect(rows('source').length).toBe(most + 1);
      }
    };

    /** Loads arrays of each type: of all its values and null, empty, none, and of two dimensions. */
    const travelAsArrays = async (types: readonly TypeRow[], columnOf: (type: TypeRow) => string | null) => {
      await client.query('DROP TABLE IF EXISTS source, target, daybreak_loads');
      const names = types.map(({ name }) => ident(name).text);
      const columns = types.map((type, index) => `${names[index]} ${declaredType(type)}[]`).join(', ');
      await client.query(`CREATE TABLE source (id int, ${columns}); CREATE TABLE target (id int, ${columns})`);
      const values = (make: (type: TypeRow) => string) => types.map(make).join(', ');
      const all = (type: TypeRow) =>
        `(SELECT array_agg(x ORDER BY id) || array_agg(NULL::${declaredType(type)}) FILTER (WHERE id = 0) FROM ${table(type)})`;
      const one = (type: TypeRow) => `(SELECT x FROM ${table(type)} WHERE id = 0)`;
      await client.query(`INSERT INTO source
        VALUES (0, ${values(all)}), (1, ${values(() => "'{}'")}), (2, ${values(() => 'NULL')}), (3, ${values((type) => `ARRAY[[${one(type)}, NULL], [${one(type)}, ${one(type)}]]`)})`);
      // A list has one number of dimensions.
      const isText = types.every((type) => columnOf(type) === null);
      const rows = isText ? 'id >= 0' : 'id < 3';
      const world = memoryWorld();
      const read = types
        .map((_, index) => (isText ? `${names[index]}::text AS ${names[index]}` : names[index]))
        .join(', ');
      await attempt(world, { step: aStep('extract') }, (step) =>
        extractPostgres(step, {
          url: server.url,
          dataset: 'd',
          columns: {
            id: 'INTEGER',
            ...Object.fromEntries(types.map((type) => [type.name, isText ? 'VARCHAR' : `${columnOf(type)}[]`])),
          },
          query: raw(`SELECT id, ${read} FROM source WHERE ${rows} ORDER BY id`),
        }),
      );
      await attempt(world, { step: aStep('query', { dependencies: ['extract'] }) }, (step) =>
        step.write('d', step.sql('SELECT * FROM "extract"."d" WHERE id >= 0 ORDER BY id')),
      );
      await attempt(world, { step: aStep('load', { dependencies: ['query'] }) }, (step) =>
        loadPostgres(step, step.rows('query.d'), {
          url: server.url,
          table: 'target',
          columns: ['id', ...types.map(({ name }) => name)],
          mode: 'replace',
        }),
      );
      for (const name of names) {
        const found = (from: string) =>
          copyTextOf(server.url, `SELECT id, ${name} FROM ${from} WHERE ${rows} ORDER BY id`);
        expect(found('target'), name).toEqual(found('source'));
        expect(found('source').length).toBe(isText ? 4 : 3);
      }
    };

    test('as the text of arrays of it', () =>
      // array_agg makes an array of two dimensions of these.
      travelAsArrays(
        everyType.filter(({ name }) => name !== 'int2vector' && name !== 'oidvector'),
        () => null,
      ));

    test('as lists', () =>
      travelAsArrays(
        // JSON in an array is JSON, and not its text.
        everyType.filter(
          ({ column, onlyAsText, name }) => column !== null && onlyAsText === undefined && !name.startsWith('json'),
        ),
        ({ column }) => column,
      ));

    test('as its text', () =>
      travel(everyType, {
        column: () => 'VARCHAR',
        // A bpchar's cast to text drops blanks, and is not needed.
        read: (x, { name }) => (name === 'bpchar' || name === 'code' ? x : `${x}::text`),
        keep: valuesOf,
      }));

    test('as the type that a dataset has for it', () =>
      travel(
        everyType.filter(({ column }) => column !== null),
        { column: ({ column }) => column ?? '', read: (x) => x, keep: ({ values }) => values },
      ));

    test.each(
      everyType.flatMap((type) =>
        (type.onlyAsText ?? []).map((value) => [type.name, type.column ?? '', value] as const),
      ),
    )('%s as %s refuses "%s" with row, column and value', async (name, column, value) => {
      const world = memoryWorld();
      const extracting = attempt(world, { step: aStep('extract') }, (step) =>
        extractPostgres(step, {
          url: server.url,
          dataset: 'd',
          columns: { x: column },
          query: raw(`SELECT ${quoted(value)}::${name} AS x`),
        }),
      );
      await expect(extracting).rejects.toMatchObject({
        name: 'ValidationError',
        message: expect.stringMatching(/row 1 does not fit:\n- column "x": ".*(infinity|BC|12026)/),
      });
    });

    test.each(
      everyType.filter(({ column }) => column === null).map(({ name, values }) => [name, values[0] ?? ''] as const),
    )('%s is refused without its cast, with the cast that does it', async (name, value) => {
      const type = everyType.find((one) => one.name === name) as TypeRow;
      const reading = extractPostgres(new CapturedStep(), {
        url: server.url,
        dataset: 'd',
        columns: { x: 'VARCHAR' },
        query: raw(`SELECT ${quoted(value)}::${declaredType(type)} AS x`),
      });
      await expect(reading).rejects.toMatchObject({
        name: 'ValidationError',
        message: expect.stringMatching(/column "x" is .* in PostgreSQL and VARCHAR in the dataset: write .*x/),
      });
    });
  });

  test.each(withoutInput)('%s, which has no text, is refused with row and column', async (name) => {
    await client.query(`DROP TABLE IF EXISTS target; CREATE TABLE target (x ${name})`);
    const loading = loadPostgres(new MemoryRun().step(), [{ x: null }, { x: 'any' }], {
      url: server.url,
      table: 'target',
      columns: ['x'],
      mode: 'append',
    });
    await expect(loading).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringMatching(
        /row 2, column "x" \(\w+\): (cannot accept a value of type|gtsvector_in not implemented)/,
      ),
    });
  });
});
