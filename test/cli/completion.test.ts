import { mkdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answerShell } from '../../lib/cli/completion/answer-shell.ts';
import { cli } from './cli.ts';
import { project } from './project.ts';

const files = {
  'pipelines/sales.yaml': `name: sales_of_day
steps:
  - { name: extract, handler: extract, outputs: { orders: {}, late: {} } }
  - { name: revenue, sql: { query: SELECT 1 } }
  - { name: "two\\nlines", handler: x }
environments: { staging: {}, "$(touch pwned)": {} }
`,
  'pipelines/$(touch pwned).yaml': 'name: x\n',
  'pipelines/a;b.yaml': 'name: x\n',
  'pipelines/.hidden.yaml': 'name: x\n',
  'pipelines/broken.yaml': ': {[',
};

const values = async (root: string, ...words: string[]): Promise<string[]> =>
  (await answerShell(words, root)).split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0] ?? '']));

test('commands, options and the names of a project are proposed where they are typed', async () => {
  const root = await project(files);
  for (const [index, run] of ['older', 'newer'].entries()) {
    const folder = join(root, '.daybreak/store/sales_of_day/runs', run);
    await mkdir(folder, { recursive: true });
    await utimes(folder, 1000 + index, 1000 + index);
  }
  expect(await values(root, 're')).toEqual(['resume', 'redrive', 'repair', 'read']);
  expect(await values(root, 'dlq', '')).toEqual(['list', 'show', 'redrive', 'dismiss']);
  expect(await values(root, 'run', '')).toEqual(['broken', 'sales']);
  expect(await values(root, 'resume', 'sales', '')).toEqual(['newer', 'older']);
  expect(await values(root, 'resume', 'sales', 'older', '--from', 'extract', '')).toEqual(['extract', 'revenue']);
  expect(await values(root, 'logs', 'sales', 'newer', 'e')).toEqual(['extract']);
  expect(await values(root, 'head', 'sales', '')).toEqual([
    'extract.orders',
    'extract.late',
    'revenue.revenue',
    'newer',
    'older',
  ]);
  expect(await values(root, 'status', 'sales', '--st')).toEqual(['--store', '--stack', '--strict']);
  expect(await values(root, '--env', 's')).toEqual([]);
  expect(await values(root, 'run', 'sales', '--env', '')).toEqual(['staging']);
  expect(await values(root, 'completion', '')).toEqual(['bash', 'zsh', 'fish']);
  expect(await answerShell(['run', 'sales', '--data', ''], root)).toBe(':files\n');
  expect(await values(root, '--root', root, 'compile', 's')).toEqual(['sales']);
  expect(await values(root, 'run', '--root', '=', root, 's')).toEqual(['sales']);
});

test('what cannot be read gives no proposal and no error', async () => {
  const root = await project(files);
  for (const words of [
    [],
    ['nonsense', ''],
    ['resume', 'broken', ''],
    ['resume', '../../etc', ''],
    ['dlq', 'nonsense', ''],
  ])
    expect(await values(root, ...words)).toEqual(words.length === 0 ? expect.arrayContaining(['run']) : []);
  expect(await values(join(root, 'nowhere'), 'run', '')).toEqual([]);
});

test('an unknown shell is an error with the known ones', async () => {
  const root = await project(files);
  expect(await cli(['completion', 'tcsh'], { cwd: root })).toMatchObject({
    code: 2,
    stderr: 'error: "tcsh" is no shell with a completion; there is bash, zsh, fish\n',
  });
});
