import { readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PermanentError } from '../../lib/contract/errors.ts';
import { guardSql } from '../../lib/duckdb/guard/guard-sql.ts';
import { type Engine, openEngine } from '../../lib/duckdb/open-engine.ts';
import type { Session } from '../../lib/duckdb/session.ts';
import { escapes } from './escapes.ts';

let engine: Engine;
let session: Session;
let other: Session;

const column = [{ name: 'x', type: { kind: 'INTEGER' } }] as const;

beforeAll(async () => {
  engine = await openEngine();
  other = await engine.session();
  session = await engine.session();
  const file = join(other.folder, 'hidden.parquet');
  await other.run(`COPY (SELECT 7 AS x) TO '${file}' (FORMAT parquet)`);
  await other.defineView({ step: 'secret', dataset: 'hidden', files: [file], columns: column });
  const own = join(session.folder, 'orders.parquet');
  await session.run(`COPY (SELECT 1 AS x) TO '${own}' (FORMAT parquet)`);
  await session.defineView({ step: 'extract', dataset: 'orders', files: [own], columns: column });
});
afterAll(() => Promise.all([session.close(), other.close()]));

const filled = (sql: string): string =>
  sql.replaceAll('%FOLDER%', session.folder).replaceAll('%OTHER%', join(other.folder, 'hidden.parquet'));
const guard = (sql: string) =>
  guardSql(session, { name: 'q', text: filled(sql) }, [{ step: 'extract', dataset: 'orders' }]);

describe('sandbox', () => {
  test('allowed queries run, so that the refusals below mean something', async () => {
    const query = await session.query(await guard('SELECT * FROM "extract"."orders"'));
    const rows = [];
    for await (const chunk of query.stream())
      rows.push(...chunk.getRows().map((row) => row.slice(0, query.columns.length)));
    expect(rows).toEqual([[1]]);
  });

  test.each(escapes)('the guard refuses: $sql', async ({ sql }) => {
    await expect(guard(sql)).rejects.toBeInstanceOf(PermanentError);
  });

  test.each(escapes.filter(({ engine: own }) => own === 'refuses'))(
    'without a guard, DuckDB refuses: $sql',
    async ({ sql }) => {
      await expect(session.run(filled(sql))).rejects.toThrow();
    },
  );

  test('side effects that DuckDB allows stay in the process or in its folder', async () => {
    const before = await readdir('/tmp');
    const unlocked = await engine.instance.connect();
    for (const { sql } of escapes.filter(({ engine: own }) => own === 'harmless' || own === 'inside the folder'))
      await unlocked.run(filled(sql)).catch(() => undefined);
    unlocked.disconnectSync();
    expect((await readdir('/tmp')).filter((name) => !before.includes(name) && /escaped/.test(name))).toEqual([]);
  });

  test('a query cannot leave the folder through a link in it', async () => {
    const link = join(session.folder, 'link.csv');
    const outside = join(engine.folder, '..', 'outside-of-the-sandbox.csv');
    await writeFile(outside, 'secret\n');
    await symlink(outside, link);
    await expect(guard(`FROM '${link}'`)).rejects.toBeInstanceOf(PermanentError);
    await expect(guard(`FROM read_csv('${link}')`)).rejects.toBeInstanceOf(PermanentError);
    await rm(outside);
    await rm(link);
  });

  test('a session cannot read the views of another one', async () => {
    await expect(session.all('SELECT * FROM "secret"."hidden"')).rejects.toThrow('does not exist');
    expect(await other.all('SELECT * FROM "secret"."hidden"')).toEqual([{ x: 7 }]);
  });

  test('days and moments are in UTC, in any time zone of the machine', async () => {
    const [row] = await session.all(
      `SELECT current_setting('TimeZone') AS zone, (TIMESTAMPTZ '2026-01-01 00:00:00+02')::VARCHAR AS moment`,
    );
    expect(row).toEqual({ zone: 'UTC', moment: '2025-12-31 22:00:00+00' });
  });
});
