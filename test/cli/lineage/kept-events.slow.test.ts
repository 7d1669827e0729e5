import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test, vi } from 'vitest';
import { handler } from '../../../lambdas/platform/lineage.ts';
import { readFolderEvents } from '../../../lib/ports/folder/read-folder-events.ts';
import { localEventsFolder } from '../../../lib/ports/open-events.ts';
import { cli } from '../cli.ts';
import { handlerOf, project } from '../project.ts';

test('a run on this machine keeps its lineage events, the command makes the same ones, and the deployed function sends them', async () => {
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

  // The function of a deployed pipeline: what the bus hands it, beside the file that the compiler writes.
  const taken: unknown[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      taken.push(JSON.parse(body));
      response.writeHead(201).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/lineage`;
  const storeUrl = pathToFileURL(join(cwd, '.daybreak/store')).href;
  await writeFile(
    join(cwd, 'lineage.json'),
    JSON.stringify({ setting: { namespace: 'night', url, api_key: null }, sources: [] }),
  );
  vi.stubEnv('LAMBDA_TASK_ROOT', cwd);
  vi.stubEnv('DAYBREAK_STORE', storeUrl);
  try {
    const events = await readFolderEvents(localEventsFolder(storeUrl), {
      pipeline: 'shop',
      run_id: String(run.run_id),
    });
    const detail = events.find(({ type }) => type === 'run.completed');
    expect(await handler({ source: 'daybreak', detail })).toEqual({ events: 6 });
    expect(taken).toEqual(kept.events);
  } finally {
    vi.unstubAllEnvs();
    server.close();
  }
}, 120_000);
