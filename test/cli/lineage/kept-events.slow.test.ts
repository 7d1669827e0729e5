import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli } from '../cli.ts';
import { handlerOf, project } from '../project.ts';

test('a run on this machine keeps its lineage events, and the command makes the same ones', async () => {
  const cwd = await project({
    'pipelines/shop.yaml': `name: shop
version: 1.0.0
lineage: { namespace: night, url: "https://lineage.invalid/api/v1/lineage" }
steps:
  - name: extract
    handler: { callable: extract }
    outputs: { orders: { schema: { amount: INTEGER } } }
  - name: total
    dependencies: [extract]
    sql: { query: SELECT sum(amount) AS amount FROM extract.orders }
`,
    'lambdas/steps/shop/extract.ts': handlerOf(
      "  await step.write('orders', [{ amount: 1 }], { columns: { amount: 'INTEGER' } });\n  return {};",
    ),
  });
  const run = (await cli(['run', 'shop', '--json'], { cwd })).json();
  expect(run.status).toBe('SUCCEEDED');
  const path = join(cwd, `.daybreak/store/shop/runs/${run.run_id}/executions/1/lineage.json`);
  const kept = JSON.parse(await readFile(path, 'utf8')) as {
    events: { eventType: string; job: { name: string }; outputs: { facets: object }[] }[];
  };
  expect(kept.events.map(({ eventType, job }) => `${eventType} ${job.name}`)).toEqual([
    'START shop',
    'START shop.extract',
    'COMPLETE shop.extract',
    'START shop.total',
    'COMPLETE shop.total',
    'COMPLETE shop',
  ]);
  expect(kept.events[4]?.outputs[0]?.facets).toMatchObject({
    columnLineage: {
      fields: { amount: { inputFields: [{ namespace: 'night', name: 'shop.extract.orders', field: 'amount' }] } },
    },
  });
  const made = (await cli(['openlineage', 'shop', '--namespace', 'night', '--json'], { cwd })).json();
  expect(made.events).toEqual(kept.events);
}, 120_000);
