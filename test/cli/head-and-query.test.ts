import { afterAll, beforeAll, expect, test } from 'vitest';
import { csvField, exactJson } from '../../lib/cli/tables/value-text.ts';
import { cli, type Where } from './cli.ts';
import { folderWith, handlerOf, remove } from './project.ts';

/** Values that lose something in careless hands: 2^53 + 1, cents, microseconds, null beside an empty text, and a text that would move the cursor. */
const values = `  await step.write('rows', [
    { big: 9007199254740993n, price: '1234567890123456.70', at: '2026-01-31T12:00:00.123456Z', text: '', tags: ['a', null] },
    { big: null, price: '-0.05', at: null, text: null, tags: [] },
    { big: 1n, price: '0.00', at: '1969-12-31T23:59:59.999999Z', text: 'a\\u001b[2J\\u202eb, "c"\\nd', tags: null },
  ], { columns: { big: 'BIGINT', price: 'DECIMAL(18,2)', at: 'TIMESTAMP', text: 'VARCHAR', tags: 'VARCHAR[]' } });
  await step.write('empty', [], { columns: { n: 'INTEGER' } });
  return {};`;

let root = '';
const run = (...args: string[]) => cli(args, { cwd: root });
const on = (where: Omit<Where, 'cwd'>, ...args: string[]) => cli(args, { cwd: root, ...where });

beforeAll(async () => {
  root = await folderWith({
    'pipelines/data.yaml': `name: data
version: 1.0.0
steps:
  - { name: make, handler: { callable: make } }
  - { name: fail, handler: { callable: fail }, retry: { max_attempts: 1 } }
`,
    'lambdas/steps/data/make.ts': handlerOf(values),
    'lambdas/steps/data/fail.ts': handlerOf("  throw new Error('no');"),
  });
  await run('run', 'data');
});

afterAll(() => remove(root));

test('head shows the first rows of a dataset of the newest run', async () => {
  const { code, stdout } = await run('head', 'data', 'make.rows', '-n', '2');
  expect(code).toBe(0);
  expect(stdout.split('\n').slice(2)).toEqual([
    '               big                price  at                           text  tags',
    '  9007199254740993  1234567890123456.70  2026-01-31T12:00:00.123456Z  ""    ["a",null]',
    '              NULL                -0.05  NULL                         NULL  []',
    '',
    '2 rows of 3 rows: --rows shows more',
    '',
  ]);
});

test('JSON has every value exactly, and says which columns there are', async () => {
  const document = (await run('head', 'data', 'make.rows', '--json')).json();
  expect(document).toMatchObject({
    pipeline: 'data',
    dataset: 'make.rows',
    row_count: 3,
    more: false,
    columns: [
      { name: 'big', type: 'BIGINT' },
      { name: 'price', type: 'DECIMAL(18,2)' },
      { name: 'at', type: 'TIMESTAMP' },
      { name: 'text', type: 'VARCHAR' },
      { name: 'tags', type: 'VARCHAR[]' },
    ],
    rows: [
      {
        big: '9007199254740993',
        price: '1234567890123456.70',
        at: '2026-01-31T12:00:00.123456Z',
        text: '',
        tags: ['a', null],
      },
      { big: null, price: '-0.05', at: null, text: null, tags: [] },
      { big: 1, price: '0.00', at: '1969-12-31T23:59:59.999999Z', text: 'a\u001b[2J\u202eb, "c"\nd', tags: null },
    ],
  });
});

test('CSV tells null from an empty text, and keeps every character where no terminal reads it', async () => {
  const { stdout } = await run('query', 'data', 'SELECT big, text FROM make.rows', '--csv');
  expect(stdout).toBe('big,text\n9007199254740993,""\n,\n1,"a\u001b[2J\u202eb, ""c""\nd"\n');
});

test.each([['--csv'], ['--json'], ['--no-color']])('with %s no text moves the cursor of a terminal', async (flag) => {
  const { stdout } = await on({ columns: 80 }, 'query', 'data', 'SELECT text FROM make.rows', flag);
  expect(stdout).toContain('b, ');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the test looks for control characters
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});

test('a table fits a narrow terminal, and names the columns that have no room', async () => {
  const { stdout } = await on({ columns: 40 }, 'head', 'data', 'make.rows', '--no-color');
  const table = stdout.split('\n').slice(2);
  for (const line of table) expect(line.length).toBeLessThan(40);
  expect(table[0]).toBe('               big                price');
  expect(stdout).toContain('  + 3 columns: at, text, tags');
});

test('a dataset without rows shows its columns', async () => {
  const { stdout } = await run('head', 'data', 'make.empty');
  expect(stdout).toMatch(/make\.empty of run \S+, 0 rows\n\n +n\n\n0 rows\n$/);
});

test.each([
  ['another file', "SELECT * FROM read_csv('/etc/passwd')"],
  ['a change', 'DELETE FROM make.rows WHERE true'],
  ['another database', "ATTACH '/tmp/x.db' AS x"],
  ['a setting', 'SET memory_limit = 1'],
  ['a copy', "COPY make.rows TO '/tmp/x.csv'"],
])('query refuses %s', async (_, sql) => {
  const { code, stdout, stderr } = await run('query', 'data', sql);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^error: the query "query" cannot run:\n- line 1, column \d+: /);
});

test.each([
  [
    ['head', 'data', 'mak.rows'],
    'has no dataset "mak.rows"; did you mean "make.rows"? (its datasets are: make.rows, make.empty)',
  ],
  [['head', 'data', 'make'], 'has no dataset "make"'],
  [['head', 'data', 'fail.rows'], 'has no dataset "fail.rows" (step fail: failed)'],
  [['head', 'data', 'nosuchrun', 'make.rows'], 'pipeline "data" has no run "nosuchrun"'],
  [['head', 'data', 'make.rows', '-n', '0'], '--rows "0" is not a whole number from 1'],
  [['query', 'data', 'make.rows'], 'query takes a pipeline, a run (optional), and a query in quotation marks'],
  [['query', 'data', 'SELECT * FROM make.row'], 'did you mean "make"."rows"?'],
])('%j is an error that names the way out', async (args, message) => {
  const { code, stderr } = await run(...args);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test('numbers that JSON has no form for are text, and minus zero keeps its sign', () => {
  expect([Number.NaN, Number.POSITIVE_INFINITY, -0, 0.1, 2n ** 63n].map(exactJson)).toEqual([
    'NaN',
    'Infinity',
    '-0',
    0.1,
    '9223372036854775808',
  ]);
});

test('a field of CSV is quoted where a reader would take it for something else', () => {
  expect([null, '', 'a', ' a', 'a,b', 'a"b', 'a\nb', 1, ['x', null]].map(csvField)).toEqual([
    '',
    '""',
    'a',
    '" a"',
    '"a,b"',
    '"a""b"',
    '"a\nb"',
    '1',
    '"[""x"",null]"',
  ]);
});
