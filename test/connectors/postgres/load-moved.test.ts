import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadPostgres, type PostgresTarget } from '../../../lib/connectors/sinks.ts';
import type { RunFacts } from '../../../lib/runtime/step.ts';
import { type PostgresServer, postgresPrograms, startPostgres } from '../../support/postgres-server.ts';
import { MemoryRun } from '../memory-step.ts';

describe.skipIf(postgresPrograms === null)(
  'rows and loads are counted (skipped where PostgreSQL is not installed)',
  () => {
    let server: PostgresServer;
    let client: pg.Client;
    beforeAll(async () => {
      server = await startPostgres();
      client = await server.connect();
      await client.query(`
      CREATE FUNCTION skip_odd() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.id % 2 = 1 THEN RETURN NULL; END IF; RETURN NEW; END';
      CREATE FUNCTION keep_out() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM target WHERE id = NEW.id AND id % 2 = 1; RETURN NULL; END';
      CREATE FUNCTION keep_in() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE FUNCTION write_twice() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.id < 1000 THEN INSERT INTO target VALUES (NEW.id + 1000); END IF; RETURN NULL; END';
      CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.n := 7; RETURN NEW; END';
      CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE ROLE tenant LOGIN`);
    });
    afterAll(async () => {
      await client?.end();
      await server?.remove();
    });
    beforeEach(async () => {
      await client.query(
        'DROP VIEW IF EXISTS shown; DROP TABLE IF EXISTS daybreak_loads, elsewhere, target CASCADE; CREATE TABLE target (id int PRIMARY KEY, n int); CREATE TABLE elsewhere (id int, n int)',
      );
    });

    const ids = async (table = 'target'): Promise<number[]> =>
      (await client.query<{ id: number }>(`SELECT id FROM ${table} ORDER BY id`)).rows.map(({ id }) => id);
    const rowsOf = (count: number) => Array.from({ length: count }, (_, index) => ({ id: index + 1 }));
    const facts = new MemoryRun().step().run;
    const load = (rows: readonly object[], over: Partial<PostgresTarget> = {}, run: Partial<RunFacts> = {}) =>
      loadPostgres(new MemoryRun().step({ run: { ...facts, ...run } }), rows, {
        url: server.url,
        table: 'target',
        columns: ['id'],
        mode: 'append',
        ...over,
      });
    const upsert = { mode: 'upsert', key: 'id' } as const;
    const trigger = (when: string, what: string, table = 'target') =>
      `CREATE TRIGGER helper ${when} ON ${table} FOR EACH ROW EXECUTE FUNCTION ${what}()`;

    test.each(['CASCADE', 'SET NULL', 'SET DEFAULT'])(
      'a replace does not change other tables by their foreign keys, unless that is meant: ON DELETE %s',
      async (action) => {
        await client.query(
          `DROP TABLE elsewhere; CREATE TABLE elsewhere (id int, n int REFERENCES target ON DELETE ${action}); INSERT INTO target VALUES (1), (2); INSERT INTO elsewhere VALUES (1, 1)`,
        );
        const others = async () => (await client.query('SELECT id, n FROM elsewhere')).rows;
        await expect(load(rowsOf(2), { mode: 'replace' })).rejects.toMatchObject({
          name: 'PermanentError',
          message: expect.stringContaining(
            `elsewhere (ON DELETE ${action}): use mode "upsert", or write cascade: true`,
          ),
        });
        expect(await others()).toEqual([{ id: 1, n: 1 }]);
        await load(rowsOf(2), upsert);
        await load(rowsOf(2), { mode: 'replace', cascade: true });
        expect(await others()).toEqual(action === 'CASCADE' ? [] : [{ id: 1, n: null }]);
      },
    );

    test('a table may refer to itself', async () => {
      await client.query(
        'ALTER TABLE target ADD FOREIGN KEY (n) REFERENCES target ON DELETE CASCADE; INSERT INTO target VALUES (5)',
      );
      await load(rowsOf(2), { mode: 'replace' });
      expect(await ids()).toEqual([1, 2]);
    });

    describe('rows that do not arrive', () => {
      test.each<[string, string, Partial<PostgresTarget>, RegExp]>([
        [
          'a trigger leaves rows out',
          trigger('BEFORE INSERT', 'skip_odd'),
          {},
          /4 rows were staged, and 2 of them arrived in "public"."target"; nothing was loaded. The table has trigger helper \(BEFORE\)/,
        ],
        [
          'a trigger leaves rows of a replace out',
          trigger('BEFORE INSERT', 'skip_odd'),
          { mode: 'replace' },
          /4 rows were staged, and 2 of them arrived/,
        ],
        [
          'a trigger leaves rows of an upsert out',
          trigger('BEFORE INSERT OR UPDATE', 'skip_odd'),
          upsert,
          /4 rows were staged, and 2 of them arrived/,
        ],
        [
          'a trigger deletes rows afterwards',
          trigger('AFTER INSERT', 'keep_out'),
          {},
          /2 of them arrived.*trigger helper \(AFTER\)/,
        ],
        [
          'a trigger deletes rows of an upsert afterwards',
          trigger('AFTER INSERT', 'keep_out'),
          upsert,
          /2 of them arrived/,
        ],
        [
          'a trigger deletes rows when the transaction ends',
          'CREATE CONSTRAINT TRIGGER helper AFTER INSERT ON target DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION keep_out()',
          {},
          /2 of them arrived/,
        ],
        [
          'a trigger writes more rows',
          trigger('AFTER INSERT', 'write_twice'),
          {},
          /4 rows were staged, and 8 of them arrived/,
        ],
        [
          'a trigger keeps old rows of a replace',
          `INSERT INTO target VALUES (100); ${trigger('BEFORE DELETE', 'keep_in')}`,
          { mode: 'replace' },
          /4 rows were staged, and 5/,
        ],
        [
          'a rule drops them',
          'CREATE RULE helper AS ON INSERT TO target DO INSTEAD NOTHING',
          {},
          /and 0 of them arrived.*rule helper \(INSTEAD\)/,
        ],
        [
          'a rule writes them elsewhere',
          'CREATE RULE helper AS ON INSERT TO target DO INSTEAD INSERT INTO elsewhere VALUES (NEW.id)',
          {},
          /and 0 of them arrived/,
        ],
        [
          'a view hides them',
          'CREATE VIEW shown AS SELECT id FROM target WHERE id > 2',
          { mode: 'replace', table: 'shown' },
          /and 2 of them arrived.*It is a view/,
        ],
        [
          'a view writes them nowhere',
          `CREATE VIEW shown AS SELECT id FROM target; ${trigger('INSTEAD OF INSERT', 'nothing', 'shown')}`,
          { table: 'shown' },
          /and 0 of them arrived.*INSTEAD OF/,
        ],
        [
          'a partition leaves them out',
          `DROP TABLE target; CREATE TABLE target (id int) PARTITION BY RANGE (id); CREATE TABLE low PARTITION OF target FOR VALUES FROM (0) TO (100); ${trigger('BEFORE INSERT', 'skip_odd', 'low')}`,
          {},
          /and 2 of them arrived.*trigger helper/,
        ],
      ])('%s: an error with the likely reason, and no change', async (_, prepare, over, message) => {
        await client.query(prepare);
        const before = await ids();
        await expect(load(rowsOf(4), over)).rejects.toMatchObject({
          name: 'PermanentError',
          message: expect.stringMatching(message),
        });
        expect(await ids()).toEqual(before);
        expect(await ids('elsewhere')).toEqual([]);
      });

      test('no partition for a row is an error', async () => {
        await client.query(
          'DROP TABLE target; CREATE TABLE target (id int) PARTITION BY RANGE (id); CREATE TABLE low PARTITION OF target FOR VALUES FROM (0) TO (3)',
        );
        await expect(load(rowsOf(4))).rejects.toThrow(/no partition of relation "target" found for row/);
        expect((await load(rowsOf(2))).applied).toBe(true);
      });

      test('row security keeps a replace from seeing what it has to delete', async () => {
        await client.query(`
        INSERT INTO target VALUES (100, 1); ALTER TABLE target ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON target USING (n IS NULL);
        GRANT ALL ON target TO tenant; GRANT ALL ON SCHEMA public TO tenant; GRANT TEMPORARY ON DATABASE postgres TO tenant`);
        const url = server.url.replace('postgres@', 'tenant@');
        await expect(load(rowsOf(2), { url, mode: 'replace' })).rejects.toThrow(/row security hides rows.*BYPASSRLS/);
        expect(await ids()).toEqual([100]);
        expect((await load(rowsOf(2), { url })).applied).toBe(true);
        expect(await ids()).toEqual([1, 2, 100]);
        await client.query('DROP TABLE daybreak_loads');
      });
    });

    test.each<[string, string]>([
      ['changes a column', trigger('BEFORE INSERT', 'stamp')],
      ['does something else', trigger('AFTER INSERT', 'nothing')],
    ])('a trigger that %s does not hinder a load', async (_, prepare) => {
      await client.query(prepare);
      for (const mode of ['append', 'replace', 'upsert'] as const) {
        await client.query('TRUNCATE target');
        expect(await load(rowsOf(3), { mode, key: 'id' })).toEqual({ rows: 3, applied: true });
        expect(await ids()).toEqual([1, 2, 3]);
      }
    });

    test('an upsert of a key alone counts the existing rows', async () => {
      await client.query('INSERT INTO target VALUES (2)');
      expect(await load(rowsOf(3), upsert)).toEqual({ rows: 3, applied: true });
      expect(await ids()).toEqual([1, 2, 3]);
    });

    describe('loads that come again or too late', () => {
      test.each(['replace', 'upsert'] as const)('%s is always done', async (mode) => {
        expect(await load(rowsOf(2), { mode, key: 'id' })).toEqual({ rows: 2, applied: true });
        await client.query('TRUNCATE target');
        expect(await load(rowsOf(2), { mode, key: 'id' })).toEqual({ rows: 2, applied: true });
        expect(await ids()).toEqual([1, 2]);
      });

      test('an append is done once, even when its rows are deleted afterwards', async () => {
        await load(rowsOf(2));
        await client.query('DELETE FROM target');
        expect(await load(rowsOf(2), {}, { execution: 2 })).toEqual({ rows: 2, applied: false });
        expect(await ids()).toEqual([]);
      });

      test('an append that --from asks for again is done if its rows are gone', async () => {
        const again = { execution: 2, requested: 2 };
        await load([...rowsOf(2), { id: 3 }]);
        expect((await load(rowsOf(3), {}, again)).applied).toBe(false);
        expect(await ids()).toEqual([1, 2, 3]);
        await client.query('DELETE FROM target WHERE id < 3');
        await expect(load(rowsOf(3), {}, again)).rejects.toMatchObject({
          name: 'PermanentError',
          message: expect.stringMatching(
            /has appended 3 rows .* and 2 of them are missing or changed.*delete the line of run r1 and step load from "public"\."daybreak_loads"/,
          ),
        });
        await client.query('DELETE FROM target');
        expect((await load(rowsOf(3), {}, again)).applied).toBe(true);
        expect(await ids()).toEqual([1, 2, 3]);
      });

      test('a late attempt of an earlier execution is refused in every mode', async () => {
        await load(rowsOf(1), { mode: 'replace' }, { execution: 2 });
        for (const mode of ['replace', 'upsert', 'append'] as const)
          await expect(load(rowsOf(2), { mode, key: 'id' }, { execution: 1 })).rejects.toMatchObject({
            name: 'PermanentError',
            message: expect.stringMatching(
              /execution 1 of run r1 came too late: execution 2 has loaded "public"."target"/,
            ),
          });
        expect(await ids()).toEqual([1]);
      });

      const turn = (number: number, requested = number, key = '_all') => ({ turn: { key, number, requested } });

      test('an older run that is resumed does not overwrite a newer load, unless --from asks for it', async () => {
        await load([{ id: 1 }], { mode: 'replace' }, { run_id: 'monday', ...turn(1) });
        await load([{ id: 2 }], { mode: 'replace' }, { run_id: 'tuesday', ...turn(2) });
        const resumed = { run_id: 'monday', execution: 2 };
        await expect(load([{ id: 1 }], { mode: 'replace' }, { ...resumed, ...turn(3, 1) })).rejects.toMatchObject({
          name: 'PermanentError',
          message: expect.stringMatching(
            /run tuesday is newer than run monday .*npx daybreak resume sales monday --from load/,
          ),
        });
        expect(await ids()).toEqual([2]);
        await load([{ id: 1 }], { mode: 'replace' }, { ...resumed, requested: 2, ...turn(3) });
        expect(await ids()).toEqual([1]);
        // The newer run's attempt was believed dead, and has lost its turn.
        await expect(load([{ id: 2 }], { mode: 'replace' }, { run_id: 'tuesday', ...turn(2) })).rejects.toThrow(
          /newer/,
        );
        expect(await ids()).toEqual([1]);
        await load([{ id: 2 }], { mode: 'replace' }, { run_id: 'tuesday', execution: 2, requested: 2, ...turn(4) });
        expect(await ids()).toEqual([2]);
      });

      test('runs that do not take turns do not refuse each other', async () => {
        await load([{ id: 1 }], upsert, { run_id: 'b', ...turn(9, 9, 'eu') });
        await load([{ id: 2 }], upsert, { run_id: 'a', ...turn(3, 3, 'us') });
        await load([{ id: 3 }], upsert, { run_id: 'c' });
        await load([{ id: 4 }], { mode: 'append' }, { run_id: 'd', ...turn(1, 1, 'eu') });
        expect(await ids()).toEqual([1, 2, 3, 4]);
      });

      test('mode and key are part of the guard of an append', async () => {
        await load([{ id: 1 }]);
        await load([{ id: 1 }, { id: 2 }], upsert);
        expect(await load([{ id: 1 }])).toEqual({ rows: 1, applied: false });
        const lines = await client.query('SELECT mode, key, row_count::int AS rows FROM daybreak_loads ORDER BY mode');
        expect(lines.rows).toEqual([
          { mode: 'append', key: '', rows: 1 },
          { mode: 'upsert', key: '["id"]', rows: 2 },
        ]);
      });

      test('a ledger in the first format is extended', async () => {
        await client.query(`
        CREATE TABLE daybreak_loads (pipeline text NOT NULL, run_id text NOT NULL, step text NOT NULL, target text NOT NULL, digest text NOT NULL,
          row_count bigint NOT NULL, loaded_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (pipeline, run_id, step, target));
        INSERT INTO daybreak_loads VALUES ('sales', 'r1', 'load', '"public"."target"', 'other', 5)`);
        await expect(load(rowsOf(1))).rejects.toThrow(/appended other rows/);
        expect((await load(rowsOf(1), {}, { run_id: 'r2' })).applied).toBe(true);
        expect((await client.query('SELECT count(*)::int AS n FROM daybreak_loads')).rows).toEqual([{ n: 2 }]);
      });

      test('an unknown mode is refused', async () => {
        await expect(load(rowsOf(1), { mode: 'merge' as never })).rejects.toThrow(
          /no mode "merge": .* replace, append, upsert/,
        );
      });
    });
  },
);
