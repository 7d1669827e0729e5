import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orderColumns } from '../../../lambdas/steps/connectors/extract-orders.ts';
import { loadPostgres } from '../../../lib/connectors/sinks.ts';
import { extractPostgres, readPostgres, sql } from '../../../lib/connectors/sources.ts';
import { generatedData } from '../../../pipelines/stand-ins/generated-data.ts';
import { type OrderDatabase, startOrderDatabase } from '../../../pipelines/stand-ins/order-database.ts';
import { CapturedStep } from '../captured-step.ts';
import { MemoryRun } from '../memory-step.ts';

/** The offline database of pipelines: PostgreSQL as WebAssembly, behind a socket. */
describe('PGlite', () => {
  const data = generatedData();
  let database: OrderDatabase;
  beforeAll(async () => {
    database = await startOrderDatabase(data);
  });
  afterAll(() => database?.stop());

  const orders = (from: string) => sql`
    SELECT o.order_id COLLATE "C" AS order_id, o.customer_id, o.order_date, o.total_amount,
           (SELECT json_agg(json_build_object('product_id', i.product_id, 'quantity', i.quantity, 'price', i.price::text) ORDER BY i.line_number)
            FROM order_items i WHERE i.order_id = o.order_id) AS items
    FROM orders o WHERE o.order_date >= ${from}`;

  test('gives orders with their items, equal to the data', async () => {
    const step = new CapturedStep();
    await extractPostgres(step, {
      url: database.url,
      dataset: 'orders',
      columns: orderColumns,
      query: orders('2025-07-01'),
      key: 'order_id',
    });
    const expected = data.orders
      .filter(({ order_date }) => order_date >= '2025-07-01')
      .toSorted((a, b) => (a.order_id < b.order_id ? -1 : 1))
      .map(({ order_id, customer_id, order_date, total_amount, items }) => ({
        order_id,
        customer_id,
        order_date,
        total_amount,
        items,
      }));
    const found = step.rows('orders').map(([order_id, customer_id, order_date, total_amount, items]) => ({
      order_id,
      customer_id,
      order_date: new Date(`${order_date}Z`).toISOString(),
      total_amount,
      items: JSON.parse(items ?? ''),
    }));
    expect(expected.length).toBeGreaterThan(500);
    expect(found).toEqual(expected);
  });

  test('takes rows, with one effect per run and step', async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query('CREATE TABLE target (id bigint, name text, doc jsonb, tags text[])');
    await client.end();
    const rows = [
      { id: 1, name: 'a\t"\\', doc: { a: [1] }, tags: ['x', null] },
      { id: 9007199254740993n, name: '', doc: null, tags: [] },
      { id: null, name: null, doc: [], tags: null },
    ];
    const load = () =>
      loadPostgres(new MemoryRun().step(), rows, {
        url: database.url,
        table: 'target',
        columns: ['id', 'name', 'doc', 'tags'],
        mode: 'append',
      });
    expect([await load(), await load()]).toEqual([
      { rows: 3, applied: true },
      { rows: 3, applied: false },
    ]);
    const found = await readPostgres(new CapturedStep(), { url: database.url }, (snapshot) =>
      snapshot.rows(sql`SELECT * FROM target ORDER BY id`),
    );
    expect(found).toEqual(rows.map((row) => ({ ...row, id: row.id === null ? null : String(row.id) })));
  });

  test('stays usable after several readings, one of them abandoned', async () => {
    const step = new CapturedStep();
    step.onChunk = () => {
      throw new Error('enough');
    };
    const one = {
      url: database.url,
      dataset: 'd',
      columns: { id: 'VARCHAR' },
      query: sql`SELECT order_id AS id FROM orders`,
    };
    await expect(extractPostgres(step, one)).rejects.toThrow('enough');
    await expect(extractPostgres(new CapturedStep(), { ...one, query: sql`SELECT nothing` })).rejects.toThrow(
      /"nothing" does not exist.*column 8/,
    );
    const counts = await Promise.all([1, 2].map(() => extractPostgres(new CapturedStep(), one)));
    expect(counts).toEqual([2_000, 2_000]);
    const total = await readPostgres(new CapturedStep(), { url: database.url }, (snapshot) =>
      snapshot.rows(sql`SELECT count(*)::int AS n FROM orders`),
    );
    expect(total).toEqual([{ n: 2_000 }]);
  });
});
