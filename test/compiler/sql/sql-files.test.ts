import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { renderDiagnostics } from '../../../lib/diagnostics/render-diagnostics.ts';
import { diagnose, loadProject, newProject, shown } from './project.ts';

const template = 'name: p\nsteps:\n  - { name: a, sql: { file: sub/q.sql } }\n';
const withFile = (content: string | Uint8Array): Promise<string[]> => diagnose(template, { 'sub/q.sql': content });
const ends = (code: string, end: string) => [
  expect.stringMatching(
    new RegExp(`^p\\.yaml:3:29 ${code} the query is looked for in .*pipelines/sub/q\\.sql, which ${end}$`),
  ),
];

describe('a file with a query', () => {
  test('is read as UTF-8, with or without a byte order mark', async () => {
    expect(await withFile("SELECT 'Ü' AS x\r\n")).toEqual([]);
    expect(await withFile("\ufeffSELECT 'Ü' AS x, wrong")).toEqual([
      expect.stringMatching(/^q\.sql:1:18 UNKNOWN_COLUMN/),
    ]);
  });

  test('has to be there', async () => {
    const loaded = await loadProject(newProject({ 'pipelines/p.yaml': template }));
    expect(shown(loaded)).toEqual(ends('SQL_FILE_NOT_FOUND', 'does not exist; create it, or correct the path'));
    // As missing handlers, with --allow-missing-handlers.
    expect(loaded.ok).toBe(true);
  });

  test('has to be text of a sensible size', async () => {
    expect(await withFile(' \n\t')).toEqual(ends('BAD_SQL_FILE', 'is empty'));
    expect(await withFile(new Uint8Array([0x53, 0xff, 0xfe]))).toEqual(ends('BAD_SQL_FILE', 'is not text in UTF-8'));
    expect(await withFile('SELECT 1\0 AS n')).toEqual(
      ends('BAD_SQL_FILE', 'has control characters in it, so it is not the text of a query'),
    );
    expect(await withFile('x'.repeat(60_001))).toEqual(
      ends('BAD_SQL_FILE', 'has 60001 bytes; the queries of a step may have 60000 together'),
    );
    expect(await diagnose(template, { 'sub/q.sql/x': '' })).toEqual(ends('BAD_SQL_FILE', 'is not a file'));
  });

  test('counts together with the other queries of its step', async () => {
    const two = 'name: p\nsteps:\n  - name: a\n    sql: { datasets: { a: { file: a.sql }, b: { file: b.sql } } }\n';
    const long = `SELECT 1 AS n -- ${'x'.repeat(40_000)}`;
    expect(await diagnose(two, { 'a.sql': long, 'b.sql': long })).toEqual([
      'p.yaml:4:55 BAD_SQL_FILE the queries of a step may have 60000 bytes together; up to this one there are 80034',
    ]);
  });

  test('may be a link to a file of the project, and to no other', async () => {
    const root = newProject({ 'pipelines/p.yaml': template, 'pipelines/sub/x': '', 'shared.sql': 'SELECT 1 AS n' });
    const link = join(root, 'pipelines/sub/q.sql');
    symlinkSync('../../shared.sql', link);
    expect(shown(await loadProject(root))).toEqual([]);
    const elsewhere = newProject({ 'secret.sql': 'SELECT 1 AS n' });
    rmSync(link);
    symlinkSync(join(elsewhere, 'secret.sql'), link);
    expect(shown(await loadProject(root))).toEqual(ends('BAD_PATH', 'is a link that leads out of the project'));
    rmSync(link);
    symlinkSync('nowhere.sql', link);
    expect(shown(await loadProject(root))).toEqual(ends('SQL_FILE_NOT_FOUND', 'is a link to nowhere'));
  });
});

test('mistakes are shown in the file with the query, and in the template for one that stands there', async () => {
  const text = `name: p
steps:
  - { name: a, sql: { file: a.sql } }
  - name: b
    dependencies: [a]
    sql:
      query: |
        SELECT day,
          sum(reveneu) AS revenue
        FROM a.a GROUP BY day
`;
  const sql = "SELECT DATE '2026-01-31' AS day,\n       12.5 AS revenue,\nFROM range(1) AND 2";
  const root = newProject({ 'pipelines/p.yaml': text, 'pipelines/a.sql': sql });
  const loaded = await loadProject(root);
  writeFileSync(join(root, 'pipelines/a.sql'), sql.replace(' AND 2', ''));
  const again = await loadProject(root);
  const rendered = [loaded, again].map(({ diagnostics, texts }) => renderDiagnostics(diagnostics, texts)).join('\n');
  expect(
    rendered.replaceAll(/\S*pipelines\//g, 'pipelines/'),
  ).toBe(`pipelines/a.sql:3:15 SQL_SYNTAX syntax error at or near "AND"
  2 |        12.5 AS revenue,
  3 | FROM range(1) AND 2
    |               ^^^

pipelines/p.yaml:9:15 UNKNOWN_COLUMN none of the query's tables has a column "reveneu"; did you mean "revenue"?
  8 |         SELECT day,
  9 |           sum(reveneu) AS revenue
    |               ^^^^^^^
`);
});

test('an SQL step has 15 minutes at most, and a longer time-out says so', async () => {
  const text = 'name: p\ndefaults: { timeout: 1h }\nsteps:\n  - { name: a, sql: { query: SELECT 1 AS n } }\n';
  const loaded = await loadProject(newProject({ 'pipelines/p.yaml': text }));
  expect(shown(loaded)).toEqual([
    'p.yaml:2:22 VALUE_ROUNDED a query cannot continue in another invocation, so the effective time-out of step "a" is 15m; write several steps, or give it more memory_mb',
  ]);
  expect(loaded.ok && loaded.plan.steps[0]).toMatchObject({ timeoutSeconds: 900, functionTimeoutSeconds: 900 });
});

test('a change of the text, if only in a comment, is other code; where it stands is not', async () => {
  const codeOf = async (root: string): Promise<unknown> => {
    const loaded = await loadProject(root);
    if (!loaded.ok) throw new Error(shown(loaded).join('\n'));
    return /"code":"([^"]*)"/.exec(JSON.stringify(loaded.machine))?.[1];
  };
  const root = newProject({ 'pipelines/p.yaml': template, 'pipelines/sub/q.sql': 'SELECT 1 AS n' });
  const first = await codeOf(root);
  const moved = 'name: p\nsteps:\n  - name: a\n    sql: { query: SELECT 1 AS n }\n';
  expect(await codeOf(newProject({ 'pipelines/p.yaml': moved }))).toBe(first);
  writeFileSync(join(root, 'pipelines/sub/q.sql'), 'SELECT 1 AS n -- one');
  expect(await codeOf(root)).not.toBe(first);
});
