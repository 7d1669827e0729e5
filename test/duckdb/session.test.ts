import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openEngine } from '../../lib/duckdb/open-engine.ts';
import type { Session } from '../../lib/duckdb/session.ts';
import type { LocalDataset } from '../../lib/duckdb/statements.ts';

const ints = (session: Session, file: string, sql: string): Promise<LocalDataset> => {
  const path = join(session.folder, file);
  return session.run(`COPY (${sql}) TO '${path}' (FORMAT parquet)`).then(() => ({
    step: 'extract',
    dataset: 'ds',
    files: [path],
    columns: [{ name: 'x', type: { kind: 'INTEGER' } }],
  }));
};

describe('session', () => {
  test('a process has one engine, even if two callers open it at once', async () => {
    const [first, second] = await Promise.all([openEngine(), openEngine()]);
    expect(first).toBe(second);
  });

  test('a view shows the rows of its files, and the same names in two sessions are two views', async () => {
    const engine = await openEngine();
    const [one, two] = await Promise.all([engine.session(), engine.session()]);
    await one.defineView(await ints(one, 'a.parquet', 'SELECT 1::INTEGER AS x'));
    await two.defineView(await ints(two, 'a.parquet', 'SELECT 2::INTEGER AS x'));
    expect(await one.all('SELECT * FROM "extract"."ds"')).toEqual([{ x: 1 }]);
    expect(await two.all('SELECT * FROM "extract"."ds"')).toEqual([{ x: 2 }]);
    await Promise.all([one.close(), two.close()]);
  });

  test('an empty dataset keeps its columns', async () => {
    const session = await (await openEngine()).session();
    await session.defineView({
      step: 's',
      dataset: 'd',
      files: [],
      columns: [
        { name: 'total "x"', type: { kind: 'DECIMAL', precision: 18, scale: 2 } },
        {
          name: 'items',
          type: { kind: 'LIST', element: { kind: 'STRUCT', fields: [{ name: 'a b', type: { kind: 'DATE' } }] } },
        },
      ],
    });
    expect(await session.all('SELECT * FROM "s"."d"')).toEqual([]);
    const described = await session.all('DESCRIBE "s"."d"');
    expect(described.map((row) => [row.column_name, row.column_type])).toEqual([
      ['total "x"', 'DECIMAL(18,2)'],
      ['items', 'STRUCT("a b" DATE)[]'],
    ]);
    await session.close();
  });

  test('chunks are read while other queries of the session run', async () => {
    const session = await (await openEngine()).session();
    let rows = 0;
    for await (const chunk of session.stream('SELECT range FROM range($n)', { values: { n: 10_000n } })) {
      rows += chunk.rowCount;
      expect(await session.all('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    }
    expect(rows).toBe(10_000);
    await session.close();
  });

  test('a reader that stops halfway without a word does not keep a session from closing', async () => {
    const session = await (await openEngine()).session();
    const open = session.stream('SELECT range FROM range(10000000)');
    await open.next();
    await session.close();
    await expect(open.next()).rejects.toThrow('the session is closed');
  });

  test('close interrupts the running query', async () => {
    const session = await (await openEngine()).session();
    const running = session.run('SELECT count(*) FROM range(1000000000) a, range(1000) b');
    const failed = expect(running).rejects.toThrow('the session is closed');
    await new Promise((resolve) => setTimeout(resolve, 50));
    // Without the interrupt the query would take hours.
    await session.close();
    await failed;
  });

  test('a view refuses names that differ only in case, and names of DuckDB', async () => {
    const session = await (await openEngine()).session();
    const view = { files: [], columns: [{ name: 'x', type: { kind: 'INTEGER' } }] } as const;
    await session.defineView({ ...view, step: 'extract', dataset: 'orders' });
    await session.defineView({ ...view, step: 'extract', dataset: 'orders' });
    await expect(session.defineView({ ...view, step: 'Extract', dataset: 'orders' })).rejects.toThrow(
      'SQL cannot distinguish "Extract"."orders" and "extract"."orders"',
    );
    await expect(session.defineView({ ...view, step: 'temp', dataset: 'orders' })).rejects.toThrow(
      `"temp" is a name of DuckDB's own; give the step another name`,
    );
    await session.close();
  });

  test('a signal interrupts a running query, with its reason', async () => {
    const controller = new AbortController();
    const session = await (await openEngine()).session({ signal: controller.signal });
    const running = session.run('SELECT count(*) FROM range(1000000000) a, range(1000) b');
    const reason = new Error('time is up');
    setTimeout(() => controller.abort(reason), 100);
    // Without the interrupt the query would take hours.
    await expect(running).rejects.toBe(reason);
    await expect(session.run('SELECT 1')).rejects.toBe(reason);
    await session.close();
  });

  test('a closed session leaves neither database nor folder, and takes no more queries', async () => {
    const engine = await openEngine();
    // Other tests of this process may have sessions too.
    const keeper = await engine.session();
    const databases = async () =>
      (
        await keeper.all(`SELECT database_name FROM duckdb_databases() WHERE database_name LIKE 'daybreak%' ORDER BY 1`)
      ).map((row) => row.database_name);
    const before = await databases();
    const session = await engine.session();
    expect(await databases()).toHaveLength(before.length + 1);
    const open = session.stream('SELECT range FROM range(1000000)');
    await open.next();
    await open.return();
    await session.close();
    await session.close();
    expect(existsSync(session.folder)).toBe(false);
    await expect(session.run('SELECT 1')).rejects.toThrow('the session is closed');
    expect(await databases()).toEqual(before);
    await keeper.close();
  });
});
