import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPublished } from '../../lib/published/open-published.ts';
import { cli } from './cli.ts';
import { remove } from './project.ts';
import { publishedProject } from './published-project.ts';

let root = '';
const run = (...args: string[]) => cli(args, { cwd: root });
const start = (value: string) => run('run', 'sales', '--input', JSON.stringify({ value }));
const value = async (...more: string[]) => {
  const { code, json, stderr } = await run('read', 'sales', 'total', '--json', ...more);
  return code === 0 ? (json().rows as { value: string }[])[0]?.value : stderr;
};

beforeAll(async () => {
  root = await publishedProject();
  for (const name of ['one', 'two']) expect(await start(name)).toMatchObject({ code: 0 });
});
afterAll(() => remove(root));

describe('readers', () => {
  test('get the version of the last run that succeeded, and may name another one', async () => {
    expect(await start('bad')).toMatchObject({ code: 1 });
    expect(await value()).toBe('two');
    expect(await value('--version', '1')).toBe('one');
    expect(await value('--version', '7')).toContain('sales has no version 7; there is 1, 2');
  });

  test('see exact values and their types, as a table, JSON or CSV', async () => {
    const { json } = await run('read', 'sales', 'load.orders', '--json');
    expect(json()).toMatchObject({
      ...{ pipeline: 'sales', version: 2, dataset: 'load.orders', row_count: 2 },
      columns: [
        { name: 'value', type: 'VARCHAR' },
        { name: 'amount', type: 'DECIMAL(18,2)' },
        { name: 'big', type: 'BIGINT' },
      ],
      rows: [
        { value: 'two', amount: '12.50', big: '9007199254740993' },
        { value: 'two', amount: '0.05', big: null },
      ],
    });
    expect((await run('read', 'sales', 'orders', '--csv')).stdout).toBe(
      'value,amount,big\ntwo,12.50,9007199254740993\ntwo,0.05,\n',
    );
    const { stdout } = await run('query', 'sales', '--published', 'SELECT sum(amount) AS s FROM load.orders', '--csv');
    expect(stdout).toBe('s\n12.55\n');
  });

  test('export a dataset in each format, as one file', async () => {
    for (const [file, text] of [
      ['out/orders.csv', 'value,amount,big\ntwo,12.50,9007199254740993\ntwo,0.05,\n'],
      [
        'out/orders.json',
        '{"value":"two","amount":"12.50","big":"9007199254740993"}\n{"value":"two","amount":"0.05","big":null}\n',
      ],
    ] as const) {
      expect(await run('export', 'sales', 'orders', '--out', file)).toMatchObject({ code: 0 });
      expect(await readFile(join(root, file), 'utf8')).toBe(text);
    }
    expect(await run('export', 'sales', 'orders', '--out', 'out/orders.parquet')).toMatchObject({ code: 0 });
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const connection = await (await DuckDBInstance.create()).connect();
    const file = join(root, 'out/orders.parquet').replaceAll("'", "''");
    const found = await connection.runAndReadAll(`SELECT value, amount, big, typeof(amount) AS t FROM '${file}'`);
    expect(found.getRowsJson()).toEqual([
      ['two', '12.50', '9007199254740993', 'DECIMAL(18,2)'],
      ['two', '0.05', null, 'DECIMAL(18,2)'],
    ]);
    connection.closeSync();
  });

  test('in a program read one version, and say which', async () => {
    const store = `file://${join(root, '.daybreak/store')}`;
    await using published = await openPublished({ store, pipeline: 'sales' });
    expect(published).toMatchObject({
      version: 2,
      execution: 1,
      datasets: [{ step: 'load', rows: 2 }, { step: 'total' }],
    });
    const rows: unknown[] = [];
    for await (const batch of published.rows('load.orders')) rows.push(...batch);
    expect(rows).toEqual([
      { value: 'two', amount: '12.50', big: 9007199254740993n },
      { value: 'two', amount: '0.05', big: null },
    ]);
    expect(await published.sql('SELECT amount FROM total.total')).toEqual([{ amount: '12.55' }]);
    await expect(openPublished({ store, pipeline: 'gone' })).rejects.toThrow('gone has published nothing');
  });
});

describe('people', () => {
  test('roll back, withdraw, and see in the history who did what and why', async () => {
    const back = await run('rollback', 'sales', '--reason', 'wrong prices', '--by', 'ada', '--json');
    expect(back.json()).toMatchObject({ kind: 'rolled_back', before: 2, after: 1, by: 'ada', reason: 'wrong prices' });
    expect(await value()).toBe('one');
    expect(await run('withdraw', 'sales', '2', '--reason', 'twice the orders', '--by', 'bob')).toMatchObject({
      code: 0,
    });
    expect(await value('--version', '2')).toContain('version 2 of sales was withdrawn by bob at');
    const { json } = await run('history', 'sales', '--json');
    expect(json()).toMatchObject({
      current: [{ partition: '', version: 1 }],
      more: false,
      changes: [
        { change: 4, kind: 'withdrawn', withdrawn: 2, before: 1, after: 1, by: 'bob', reason: 'twice the orders' },
        { change: 3, kind: 'rolled_back' },
        { change: 2, kind: 'published', before: 1, after: 2, by: null, summary: { rows: 3, checks: 1, violated: 0 } },
        { change: 1, kind: 'published', before: null, after: 1 },
      ],
    });
    const { stdout } = await run('history', 'sales');
    expect(stdout).toContain('sales shows version 1');
    expect(stdout).toMatch(/ada: back from 2 to 1 +\S+ +3 +1 passed +wrong prices/);
  });

  test('do not get a withdrawn version again by a resume of its run; a new run publishes', async () => {
    const { json } = await run('history', 'sales', '--json');
    const changes = json().changes as { change: number; summary: { run_id: string } }[];
    const runId = changes.find(({ change }) => change === 2)?.summary.run_id ?? '';
    expect(await run('resume', 'sales', runId)).toMatchObject({ code: 0 });
    expect(await value()).toBe('one');
    expect(await start('three')).toMatchObject({ code: 0 });
    expect(await value()).toBe('three');
  });

  test.each([
    [['rollback', 'sales'], 2, '--reason <text> is needed'],
    [['rollback', 'sales', '--reason', 'x', '--to', '2'], 1, 'was withdrawn by bob'],
    [['rollback', 'sales', '--reason', 'x', '--to', '99'], 1, 'has no version 99'],
    [['rollback', 'sales', '--reason', 'x', '--partition', '2026-01-01'], 1, 'has no partitions'],
    [['withdraw', 'sales', '2', '--reason', 'x'], 1, 'was withdrawn by bob'],
    [['withdraw', 'sales', 'two', '--reason', 'x'], 2, 'is not a whole number'],
    [['read', 'sales', 'refunds'], 1, 'its datasets are: load.orders, total.total'],
    [['export', 'sales', 'orders', '--out', 'x.xls'], 2, 'add --format parquet, csv or json'],
    [['export', 'sales', 'orders', '--out', 'x'], 2, 'add --format'],
    [['export', 'sales', 'orders'], 2, 'needs --out'],
    [['history', 'sales', '-n', '301'], 2, 'at most 300'],
  ])('get an error that says what is wrong: %j', async (args, code, text) => {
    const said = await run(...args);
    expect(said.stderr).toContain(text);
    expect(said.code).toBe(code);
  });
});

describe('a comparison', () => {
  test('of the last two versions, of versions by number, and of runs', async () => {
    const { json } = await run('diff', 'sales', 'total', '1', '--json');
    expect(json()).toMatchObject({
      ...{
        equal: false,
        before: { version: 1 },
        after: { version: 3 },
        rows: { before: 1, after: 1 },
        added: 1,
        removed: 1,
      },
      added_samples: [{ amount: '12.55', big: '9007199254740993', value: 'three' }],
    });
    const keyed = await run('diff', 'sales', 'total', '1', '3', '--key', 'amount');
    expect(keyed.stdout).toMatch(/value +1 +12\.55 +one +three/);
    const [first, second] = ((await run('status', 'sales', '--json')).json().runs as { run_id: string }[]).map(
      ({ run_id }) => run_id,
    );
    expect((await run('diff', 'sales', 'load.orders', String(second), String(first), '--json')).json()).toMatchObject({
      ...{ before: { version: null, run_id: second }, after: { version: null, run_id: first } },
    });
    expect(await run('diff', 'sales', 'total', '1', '3', '--key', 'nope')).toMatchObject({ code: 2 });
  });
});
