import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { laterLine } from '../../../lib/connectors/postgres/write/ledger.ts';
import { type LoadMode, loadPostgres, type PostgresTarget } from '../../../lib/connectors/sinks.ts';
import { countsAsLater } from '../../../lib/runtime/manifests/later-load.ts';
import { announcing } from '../../../lib/runtime/manifests/target-loads.ts';
import { type PostgresServer, postgresPrograms, startPostgres } from '../../support/postgres-server.ts';
import { sized, slowTest } from '../../support/sized.ts';
import { MemoryRun } from '../memory-step.ts';
import { cuttingProxy } from './cutting-proxy.ts';

describe.skipIf(postgresPrograms === null)('loading into PostgreSQL (skipped where it is not installed)', () => {
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
  beforeEach(async () => {
    await client.query(`
      DROP TABLE IF EXISTS daybreak_loads, target;
      CREATE TABLE target (id bigint PRIMARY KEY, name text, doc jsonb, tags text[], price numeric(18,2), at timestamptz, extra text DEFAULT 'kept')`);
  });

  const columns = ['id', 'name'];
  const rowsOf = (count: number, name = 'n', first = 1) =>
    Array.from({ length: count }, (_, index) => ({ id: first + index, name: `${name}${first + index}` }));
  const load = (rows: readonly object[], over: Partial<PostgresTarget> = {}, step = new MemoryRun().step()) =>
    loadPostgres(step, rows, { url: server.url, table: 'target', columns, mode: 'append', ...over });
  const inRun = (run_id: string, over: object = {}) =>
    new MemoryRun().step({ run: { ...new MemoryRun().step().run, run_id }, ...over });
  const stored = async (): Promise<Record<string, unknown>[]> =>
    (await client.query('SELECT * FROM target ORDER BY id')).rows;
  const ids = async () => (await stored()).map(({ id }) => Number(id));

  test('the ledger finds a later load exactly where the rule says that there is one', async () => {
    await load(rowsOf(1));
    const names =
      'pipeline, step, target, mode, key, run_id, execution, requested, turn_key, turn, turn_requested, digest, row_count';
    const facts = fc.record({
      run_id: fc.constantFrom('r1', 'r2'),
      execution: fc.integer({ min: 1, max: 3 }),
      turn: fc.option(
        fc.record({
          key: fc.constantFrom('a', 'b'),
          number: fc.integer({ min: 1, max: 4 }),
          requested: fc.integer({ min: 1, max: 4 }),
        }),
      ),
    });
    const property = fc.asyncProperty(facts, facts, async (known, own) => {
      await client.query('TRUNCATE daybreak_loads');
      await client.query(
        `INSERT INTO daybreak_loads (${names}) VALUES ('sales', 'load', 't', 'replace', '', $1, $2, 1, $3, $4, $5, 'd', 0)`,
        [known.run_id, known.execution, known.turn?.key, known.turn?.number, known.turn?.requested],
      );
      const asked = {
        pipeline: 'sales',
        run: own.run_id,
        step: 'load',
        target: 't',
        mode: 'replace' as const,
        key: [],
      };
      const loading = { ...asked, execution: own.execution, requested: 1, turn: own.turn, digest: '', rows: 0 };
      expect((await laterLine(client, 'public', loading)) !== null).toBe(countsAsLater(known, own));
    });
    await fc.assert(property, { numRuns: sized(100, 2_000) });
  });

  test('a load is announced before anything changes, and none that may not be announced has an effect', async () => {
    const refuse = () => Promise.reject(new Error('a later execution works for the run'));
    const step = { ...new MemoryRun().step(), [announcing]: refuse };
    await expect(load(rowsOf(2), { mode: 'replace' }, step)).rejects.toThrow('a later execution');
    expect(await stored()).toEqual([]);
    const seen: number[] = [];
    const looks = async () => void seen.push((await stored()).length);
    const looking = { ...new MemoryRun().step(), [announcing]: looks };
    await load(rowsOf(2), { mode: 'replace' }, looking);
    expect(seen).toEqual([0]);
  });

  test('values arrive unchanged', async () => {
    const texts = ['', '\\.', '\\N', 'a\tb\nc\rd\\e', 'x\n\\.\ny', '"quoted", \'too\'', '日本 🏔'];
    const rows = texts.map((name, index) => ({
      id: index,
      name,
      doc: { a: [1, null, name], big: 12345678901234567890n },
      tags: [name, null, 'b"c'],
      price: '12.50',
      at: '2026-01-31T12:00:00.123Z',
    }));
    await load([...rows, { id: 100n, name: null, doc: null, tags: [], price: null, at: null }], {
      columns: ['id', 'name', 'doc', 'tags', 'price', 'at'],
    });
    const found = await stored();
    expect(found.slice(0, -1).map(({ name }) => name)).toEqual(texts);
    expect(found.slice(0, -1).map(({ tags }) => tags)).toEqual(texts.map((text) => [text, null, 'b"c']));
    expect(found[3]).toMatchObject({ price: '12.50', at: new Date('2026-01-31T12:00:00.123Z'), extra: 'kept' });
    expect(
      (await client.query("SELECT doc->>'big' AS big, doc->'a'->>2 AS text FROM target WHERE id = 3")).rows,
    ).toEqual([{ big: '12345678901234567890', text: 'a\tb\nc\rd\\e' }]);
    expect(found.at(-1)).toMatchObject({ id: '100', name: null, doc: null, tags: [], price: null });
  });

  test('replace leaves only these rows, append adds them, upsert replaces by key', async () => {
    await load(rowsOf(3), {}, inRun('r1'));
    await load(rowsOf(2, 'm', 4), { mode: 'append' }, inRun('r2'));
    expect(await ids()).toEqual([1, 2, 3, 4, 5]);
    await load(rowsOf(3, 'u', 3), { mode: 'upsert', key: 'id' }, inRun('r3'));
    expect((await stored()).map(({ name }) => name)).toEqual(['n1', 'n2', 'u3', 'u4', 'u5']);
    await load(rowsOf(1, 'x', 9), { mode: 'replace' }, inRun('r4'));
    expect(await ids()).toEqual([9]);
    await load([], { mode: 'replace' }, inRun('r5'));
    expect(await ids()).toEqual([]);
  });

  test.each<[LoadMode]>([['append'], ['upsert'], ['replace']])(
    '%s twice, also at once, has one effect',
    async (mode) => {
      await client.query("INSERT INTO target (id, name) VALUES (1000, 'before')");
      const options = { mode, ...(mode === 'upsert' && { key: 'id' }) };
      const results = await Promise.all(Array.from({ length: 4 }, () => load(rowsOf(500), options)));
      const isOnce = mode === 'append';
      expect(results.filter(({ applied }) => applied).length).toBe(isOnce ? 1 : 4);
      expect(await load(rowsOf(500), options)).toEqual({ rows: 500, applied: !isOnce });
      expect((await ids()).length).toBe(mode === 'replace' ? 500 : 501);
      expect((await client.query('SELECT row_count::int AS rows FROM daybreak_loads')).rows).toEqual([{ rows: 500 }]);
    },
  );

  test('other rows of the same step and run: replaced and upserted again, but refused for an append', async () => {
    await load(rowsOf(2), { mode: 'replace' });
    await load(rowsOf(3), { mode: 'replace' });
    expect(await ids()).toEqual([1, 2, 3]);
    await load(rowsOf(1, 'a', 7), { mode: 'append' }, inRun('r2'));
    await expect(load(rowsOf(1, 'a', 8), { mode: 'append' }, inRun('r2'))).rejects.toMatchObject({
      name: 'PermanentError',
      message: expect.stringMatching(/appended other rows/),
    });
    expect(await ids()).toEqual([1, 2, 3, 7]);
  });

  test('readers see the rows from before or from after', async () => {
    await load(rowsOf(100), {}, inRun('r1'));
    const counts = new Set<number>();
    let isLoading = true;
    const watch = (async () => {
      while (isLoading) counts.add((await client.query('SELECT count(*)::int AS n FROM target')).rows[0].n);
    })();
    await load(rowsOf(20_000), { mode: 'replace' }, inRun('r2'));
    isLoading = false;
    await watch;
    counts.add((await ids()).length);
    expect([...counts].sort((a, b) => a - b)).toEqual([100, 20_000]);
  });

  test.each<[string, readonly object[], Partial<PostgresTarget>, RegExp]>([
    ['an unknown table', rowsOf(1), { table: 'sales.nothing' }, /there is no table "sales"\."nothing"/],
    ['an unknown column', rowsOf(1), { columns: ['id', 'nam'] }, /"target" has no column nam; it has id, name/],
    ['a row without a column', [{ id: 1 }], {}, /row 1, column "name" \(text\): the row has no such column; it has id/],
    [
      'a value of another type',
      [{ id: 'x', name: 'y' }],
      {},
      /row 1, column "id" \(bigint\): it is not an integer: "x"/,
    ],
    [
      'a list for text',
      [{ id: 1, name: [] }],
      {},
      /column "name" \(text\): a list needs a column of type jsonb or an array/,
    ],
    ['an object for text', [{ id: 1, name: {} }], {}, /an object needs a column of type jsonb/],
    ['NUL', [{ id: 1, name: 'a\0' }], {}, /row 1, column "name".*NUL/],
    ['a key that already exists', [...rowsOf(1), ...rowsOf(1)], {}, /duplicate key.*23505/],
    ['two rows with one key', [...rowsOf(2), ...rowsOf(1)], { mode: 'upsert', key: 'id' }, /2 rows have the key \[1\]/],
    ['a key that is null', [{ id: 1, name: null }], { mode: 'upsert', key: ['name'] }, /\[null\] has a null/],
    [
      'a key without a unique index',
      rowsOf(1),
      { mode: 'upsert', key: 'name' },
      /no unique or exclusion constraint.*42P10/,
    ],
    ['an upsert without a key', rowsOf(1), { mode: 'upsert' }, /an upsert needs a key/],
  ])('%s is a permanent error, and changes nothing', async (_, rows, over, message) => {
    await client.query("INSERT INTO target (id, name) VALUES (1000, 'before')");
    await expect(load(rows, over)).rejects.toMatchObject({
      name: expect.stringMatching(/^(Permanent|Validation)Error$/),
      message: expect.stringMatching(message),
    });
    expect(await ids()).toEqual([1000]);
  });

  test('names stay names, for any characters', async () => {
    const name = 'a"; DROP TABLE target; --';
    await client.query(
      `DROP TABLE IF EXISTS "a""; DROP TABLE target; --"; CREATE TABLE "a""; DROP TABLE target; --" ("x""y" text)`,
    );
    await load([{ 'x"y': "'; --" }], { table: [name], columns: ['x"y'] });
    expect((await client.query(`SELECT * FROM "a""; DROP TABLE target; --"`)).rows).toEqual([{ 'x"y': "'; --" }]);
    expect(await ids()).toEqual([]);
  });

  test('an error of the rows is rethrown unchanged, and changes nothing', async () => {
    const rows = (async function* () {
      yield rowsOf(5_000);
      throw new TypeError('the source broke');
    })();
    const loading = loadPostgres(new MemoryRun().step(), rows, {
      url: server.url,
      table: 'target',
      columns,
      mode: 'replace',
    });
    await expect(loading).rejects.toThrow(new TypeError('the source broke'));
    expect(await ids()).toEqual([]);
  });

  slowTest('the wait for a lock is limited', async () => {
    const other = await server.connect();
    await other.query('BEGIN; LOCK TABLE target IN ACCESS EXCLUSIVE MODE');
    await expect(load(rowsOf(1), { lockTimeout: 0.2 })).rejects.toMatchObject({
      name: 'RetryableError',
      message: expect.stringMatching(/lock timeout/),
    });
    await other.end();
  });

  slowTest('after a deadlock the step tries again', async () => {
    await load(rowsOf(2));
    const other = await server.connect();
    await other.query("BEGIN; SET LOCAL deadlock_timeout = '10s'; UPDATE target SET name = 'o' WHERE id = 2");
    const loading = load(rowsOf(2, 'u'), { mode: 'upsert', key: 'id' }, inRun('r2')).catch((error: unknown) => error);
    await expect
      .poll(
        async () =>
          (await client.query("SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).rows[0]
            .n,
      )
      .toBe(1);
    const theirs = other.query("UPDATE target SET name = 'o' WHERE id = 1").catch(() => null);
    expect(await loading).toMatchObject({
      name: 'RetryableError',
      message: expect.stringMatching(/deadlock detected/),
    });
    await theirs;
    await other.end();
  });

  test('a connection that is cut anywhere leaves all or nothing, and the next attempt makes one effect of it', async () => {
    const effects = new Set<string>();
    for (let round = 0; round < sized(4, 40); round += 1) {
      const run = `cut-${round}`;
      const proxy = await cuttingProxy(server.port, {
        up: round % 2 === 0 ? Math.floor(Math.random() * 140_000) : Number.POSITIVE_INFINITY,
        down: round % 2 === 1 ? Math.floor(Math.random() * 1_500) : Number.POSITIVE_INFINITY,
      });
      const rows = rowsOf(10_000, 'n', 1 + round * 10_000);
      const first = await load(rows, { url: proxy.url }, inRun(run)).catch((error: unknown) => error);
      await proxy.stop();
      if (first instanceof Error) expect(first.name).toBe('RetryableError');
      const again = await load(rows, {}, inRun(run));
      expect((await client.query('SELECT count(*)::int AS n FROM target')).rows).toEqual([{ n: (round + 1) * 10_000 }]);
      effects.add(`${first instanceof Error ? 'failed' : 'done'}, then ${again.applied ? 'done' : 'found'}`);
    }
    expect([...effects]).toContain('failed, then done');
  });

  slowTest(
    'a process that is killed anywhere leaves all or nothing, and the next attempt makes one effect of it',
    async () => {
      const script = fileURLToPath(new URL('load-process.ts', import.meta.url));
      for (let round = 0; round < sized(3, 6); round += 1) {
        const child = fork(script, [server.url, `killed-${round}`, String(1 + round * 20_000)], { stdio: 'ignore' });
        const ended = new Promise((resolve) => child.once('exit', resolve));
        await new Promise((resolve) => child.once('message', resolve));
        await new Promise((resolve) => setTimeout(resolve, round * 45));
        child.kill('SIGKILL');
        await ended;
        await load(rowsOf(20_000, 'n', 1 + round * 20_000), { lockTimeout: 10 }, inRun(`killed-${round}`));
        expect((await client.query('SELECT count(*)::int AS n FROM target')).rows).toEqual([
          { n: (round + 1) * 20_000 },
        ]);
      }
    },
  );

  test('a server that restarts is a transient error', async () => {
    const rows = (async function* () {
      yield rowsOf(3_000);
      await server.stop('immediate');
      yield rowsOf(3_000, 'n', 4_000);
    })();
    const loading = loadPostgres(new MemoryRun().step(), rows, {
      url: server.url,
      table: 'target',
      columns,
      mode: 'append',
    });
    await expect(loading).rejects.toMatchObject({ name: 'RetryableError' });
    await server.start();
    client = await server.connect();
    expect(await ids()).toEqual([]);
    expect(await load(rowsOf(3_000))).toEqual({ rows: 3_000, applied: true });
  });
});
