import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { spawnCli } from './cli.ts';
import { handlerOf } from './project.ts';
import { deployed, input, second } from './remote-project.ts';

const rows = `  await step.write('rows', [
    { big: 9007199254740993n, price: '1234567890123456.70', text: 'a "b"' },
    { big: null, price: '-0.05', text: '' },
  ], { columns: { big: 'BIGINT', price: 'DECIMAL(18,2)', text: 'VARCHAR' } });
  await step.file('page.html', '<p>Grüße</p>');
  return {};`;

test('head, query and open show the data of a run in a bucket, with --stack and with --store s3://', async () => {
  const { run, json, aws, root } = await deployed({ [second]: handlerOf(rows) });
  const started = await json('start', 'demo', '--input', input, '--name', 'night-1', '--watch');
  expect(started.document).toMatchObject({ status: 'SUCCEEDED' });

  const head = await json('head', 'demo', 'second.rows', '-n', '1');
  expect(head.document).toMatchObject({
    ...{ dataset: 'second.rows', row_count: 2, more: true },
    columns: [
      { name: 'big', type: 'BIGINT' },
      { name: 'price', type: 'DECIMAL(18,2)' },
      { name: 'text', type: 'VARCHAR' },
    ],
  });
  expect((await run('head', 'demo', 'night-1', 'second.rows')).stdout).toContain('9007199254740993');
  const csv = await run('query', 'demo', 'SELECT price, text FROM second.rows ORDER BY price', '--csv');
  expect(csv).toMatchObject({ code: 0, stdout: 'price,text\n-0.05,""\n1234567890123456.70,"a ""b"""\n' });
  const total = await json('query', 'demo', 'night-1', 'SELECT count(*) AS n FROM second.rows WHERE big IS NULL');
  expect(total.document.rows).toEqual([{ n: 1 }]);

  const opened = await json('open', 'demo', 'night-1');
  expect(opened).toMatchObject({ code: 0, document: { step: 'second', file: 'page.html' } });
  expect(await readFile(String(opened.document.path), 'utf8')).toBe('<p>Grüße</p>');

  const unknown = await run('head', 'demo', 'night-1', 'second.row');
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean "second.rows"?') });
  // The store alone, without the stack.
  const bucket = await spawnCli(
    ['query', 'demo', 'SELECT count(*) AS n FROM second.rows', '--store', aws.store.url, '--csv'],
    { cwd: root, env: aws.env },
  ).exited;
  expect(bucket).toMatchObject({ code: 0, stdout: 'n\n2\n' });
});
