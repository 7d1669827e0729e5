import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { StepHandler } from 'daybreak';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCrmServer } from '../../pipelines/stand-ins/crm-server.ts';
import { generatedData } from '../../pipelines/stand-ins/generated-data.ts';
import { startOrderDatabase } from '../../pipelines/stand-ins/order-database.ts';
import { type PostgresServer, postgresPrograms, startPostgres } from '../support/postgres-server.ts';
import { CapturedStep } from './captured-step.ts';
import { MemoryRun } from './memory-step.ts';
import { serve } from './web-server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/sources.md'), 'utf8');
const examples = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code ?? '');
/** Inside the package, so that the package's name resolves to this code; Node strips no types below node_modules. */
const folder = join(root, 'coverage', `docs-examples-${process.pid}`);

const handlerOf = async (word: string): Promise<StepHandler> => {
  const found = examples.filter((code) => code.includes(word));
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} examples have ${word}`);
  const file = join(folder, `${word}.ts`);
  writeFileSync(file, found[0]);
  return ((await import(pathToFileURL(file).href)) as { handler: StepHandler }).handler;
};

const run = async (word: string, captured: CapturedStep, over: object = {}) => {
  const memory = new MemoryRun();
  const { writer, progress, object, objects } = captured;
  const own = {
    writer: writer.bind(captured),
    progress: progress.bind(captured),
    object: object.bind(captured),
    objects: objects.bind(captured),
  };
  const step = { ...memory.step(), ...own, secret: async () => 'secret', input: {}, config: {}, ...over };
  const handler = await handlerOf(word);
  return { result: await (handler.stepFunction as (step: unknown) => unknown)(step), files: memory.files };
};

describe('the examples of docs/sources.md', () => {
  const data = generatedData();
  const before = { ...process.env };
  beforeAll(() => mkdirSync(folder, { recursive: true }));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    for (const name of ['DATABASE_URL', 'CRM_URL']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });

  test('are all executed here', () => expect(examples).toHaveLength(5));

  test('PostgreSQL', async () => {
    const database = await startOrderDatabase(data);
    process.env.DATABASE_URL = database.url;
    try {
      const captured = new CapturedStep();
      const { result } = await run("key: 'order_id'", captured, { input: { from: '2025-03-01', to: '2025-04-01' } });
      const expected = data.orders.filter(({ order_date }) => order_date.startsWith('2025-03')).length;
      expect(result).toEqual({ orders: expected });
      expect(captured.rows('orders')).toHaveLength(expected);
      const items = data.orders.reduce((sum, order) => sum + order.items.length, 0);
      expect((await run('readPostgres', new CapturedStep())).result).toEqual({ orders: data.orders.length, items });
    } finally {
      await database.stop();
    }
  });

  test('HTTP', async () => {
    const crm = await startCrmServer({
      users: data.users,
      token: 'secret',
      faults: [{ request: 2, status: 429, retryAfter: 0 }],
      requestsPerSecond: 100,
    });
    process.env.CRM_URL = crm.url;
    try {
      const captured = new CapturedStep();
      expect((await run('httpPages', captured)).result).toEqual({ users: data.users.length });
      expect(captured.objectsOf('users')).toHaveLength(data.users.length);
    } finally {
      await crm.stop();
    }
  });

  test('files', async () => {
    const captured = new CapturedStep();
    const lines = Array.from({ length: 200 }, (_, index) => `P${index},name,${index === 7 ? 'many' : index}`);
    captured.stored.set('sources/catalogue/a.csv.gz', gzipSync(`product_id,name,stock_on_hand\n${lines.join('\n')}\n`));
    captured.stored.set('sources/catalogue/b.csv.gz', Buffer.from('product_id,name,stock_on_hand\n'));
    expect((await run('loadFiles', captured)).result).toEqual({ rows: 199, rejected: 1, files: 2 });
  });

  test.skipIf(postgresPrograms === null)('sinks (skipped where PostgreSQL is not installed)', async () => {
    const server: PostgresServer = await startPostgres();
    const client = await server.connect();
    const bodies: unknown[] = [];
    const api = await serve(async (_url, request) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      bodies.push(JSON.parse(text));
      return { json: {} };
    });
    Object.assign(process.env, { DATABASE_URL: server.url, CRM_URL: api.url });
    try {
      await client.query('CREATE TABLE metrics (customer_id text PRIMARY KEY, revenue numeric(18,2))');
      const metrics = [
        { customer_id: 'c1', revenue: '1.50' },
        { customer_id: 'c2', revenue: '2.00' },
      ];
      const rows = async function* () {
        yield metrics;
      };
      const { result, files } = await run('loadPostgres', new CapturedStep(), { rows });
      expect(result).toEqual({ loaded: 2, applied: true, batches: 1 });
      expect((await client.query('SELECT * FROM metrics ORDER BY 1')).rows).toEqual(metrics);
      expect(bodies).toEqual([metrics]);
      expect(gunzipSync(files.get('metrics.csv.gz') ?? '').toString()).toBe('customer_id,revenue\nc1,1.50\nc2,2.00\n');
    } finally {
      await client.end();
      await server.remove();
    }
  });
});
