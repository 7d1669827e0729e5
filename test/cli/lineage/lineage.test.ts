import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli } from '../cli.ts';
import { handlerOf, project } from '../project.ts';

const hostile = '</title><script>alert(1)</script>"\'&';

const files = {
  'pipelines/shop.yaml': `name: shop
version: 1.0.0
steps:
  - name: extract
    handler: { callable: extract }
    outputs:
      orders: { schema: { id: VARCHAR, amount: INTEGER, "a.b": INTEGER } }
  - name: sums
    dependencies: [extract]
    sql:
      datasets:
        totals: { query: 'SELECT sum(amount) AS total, count(*) AS orders, max("a.b") AS "a.b" FROM extract.orders WHERE id > $least' }
        hostile: { query: 'SELECT total AS "${hostile.replaceAll('"', '""').replaceAll("'", "''")}" FROM sums.totals' }
      params: { least: a }
  - name: report
    dependencies: [sums]
    handler: { callable: report }
`,
  'lambdas/steps/shop/extract.ts': handlerOf('  return {};'),
  'lambdas/steps/shop/report.ts': handlerOf('  return {};'),
};

test('the tree says where a column comes from and what comes from it, within 80 columns', async () => {
  const { stdout, code } = await cli(['lineage', 'shop', 'totals.total', '--no-color'], {
    cwd: await project(files),
    columns: 80,
  });
  expect(code).toBe(0);
  expect(stdout).toBe(`sums.totals.total comes from
├─ extract.orders.amount  aggregation
│    not known: code makes it, and is not followed
└─ extract.orders.id  filter
     not known: code makes it, and is not followed

sums.totals.total is used by
├─ sums.hostile.</title><script>alert(1)</script>"'&  identity
│  └─ report.result  perhaps
└─ report.result  perhaps
`);
});

test('a column may have a dot in its name, and the JSON has the same tree', async () => {
  const ran = await cli(['lineage', 'shop', 'sums.totals.a.b', '--up', '--json'], { cwd: await project(files) });
  expect(ran.json()).toMatchObject({
    pipeline: 'shop',
    step: 'sums',
    dataset: 'totals',
    column: 'a.b',
    up: {
      branches: [
        { step: 'extract', dataset: 'orders', column: 'a.b', kinds: ['aggregation'] },
        { step: 'extract', dataset: 'orders', column: 'id', kinds: ['filter'] },
      ],
    },
  });
  expect(ran.json().down).toBeUndefined();
});

test('the page shows hostile names as text', async () => {
  const cwd = await project(files);
  const ran = await cli(['lineage', 'shop', 'sums.hostile', '--html', '--json'], { cwd });
  const page = await readFile(String(ran.json().path), 'utf8');
  expect(page).toContain('&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;');
  expect(page.match(/<script>/g)).toHaveLength(1);
  expect(page.match(/<\/title>/g)?.length).toBe(page.match(/<title>/g)?.length);
  expect(page).not.toMatch(/https?:/);
  expect(join(cwd, '.daybreak/lineage/shop.sums.hostile.html')).toBe(String(ran.json().path));
});

test('a step handler that opens published data of another pipeline may read all that it publishes, and nothing else', async () => {
  const opens = (name: string) =>
    `import { openPublished } from 'daybreak/published';\n${handlerOf(`  await openPublished({ store: 's3://x', pipeline: ${name} });\n  return {};`)}`;
  const cwd = await project({
    ...files,
    'pipelines/shop.yaml': `${files['pipelines/shop.yaml']}overlap: skip\npublish: { datasets: [sums.totals] }\n`,
    'pipelines/board.yaml': `name: board
version: 1.0.0
steps:
  - name: named
    handler: { callable: named }
  - name: told
    handler: { callable: told, initialization: { from: [shop] } }
  - name: other
    handler: { callable: other }
`,
    'lambdas/steps/board/named.ts': opens("'shop'"),
    'lambdas/steps/board/told.ts': opens('step.config.from[0]'),
    'lambdas/steps/board/other.ts': handlerOf("  return { shop: 'shop' };"),
  });
  const { stdout } = await cli(['lineage', 'shop', 'sums.totals.total', '--down', '--no-color'], { cwd, columns: 80 });
  expect(stdout).toBe(`sums.totals.total is used by
├─ sums.hostile.</title><script>alert(1)</script>"'&  identity
│  └─ report.result  perhaps
├─ report.result  perhaps
├─ board: named.result  perhaps
└─ board: told.result  perhaps
`);
  const down = await cli(['lineage', 'shop', 'sums.hostile', '--down', '--no-color'], { cwd, columns: 80 });
  expect(down.stdout).not.toContain('board');
  const up = await cli(['lineage', 'board', 'named.result', '--up', '--no-color'], { cwd, columns: 80 });
  expect(up.stdout).toContain('shop: sums.totals');
});
