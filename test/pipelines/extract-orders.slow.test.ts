import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { extractOrders } from '../../lambdas/steps/connectors/extract-orders.ts';
import { type OrderDatabase, startOrderDatabase } from '../../pipelines/stand-ins/order-database.ts';
import type { SourceOrder } from '../../pipelines/stand-ins/source-data.ts';
import { CapturedStep } from '../connectors/captured-step.ts';

const order = (order_id: string, order_date: string, more: Partial<SourceOrder> = {}): SourceOrder => ({
  order_id,
  customer_id: '1',
  order_date,
  total_amount: '2.5000',
  items: [
    { product_id: 'z', quantity: 2, price: '1.0000' },
    { product_id: 'a', quantity: 1, price: '0.5000' },
  ],
  ...more,
});

const orders = [
  order('before', '2025-02-28T23:59:59.999Z'),
  order('first', '2025-03-01T00:00:00.000Z', { customer_id: null }),
  order('last', '2025-03-02T23:59:59.999Z', { total_amount: '0.0625', items: [] }),
  order('Z comes first by its bytes', '2025-03-02T00:00:00.000Z'),
  order('after', '2025-03-03T00:00:00.000Z'),
];

const connectedTo = async (url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await work(client);
  await client.end();
};

class OrdersStep extends CapturedStep {
  async secret(): Promise<string> {
    return 'postgres://never.asked/for';
  }
}

describe('orders from PostgreSQL', () => {
  let database: OrderDatabase;
  beforeAll(async () => {
    const range = { start_date: '2025-02-28', end_date: '2025-06-15' };
    database = await startOrderDatabase({ origin: 'test', orders, users: [], products: [], range });
    vi.stubEnv('DATABASE_URL', database.url);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await database?.stop();
  });
  const march = { start_date: '2025-03-01', end_date: '2025-03-02' };

  test('belong to a range by their UTC day, both ends included, sorted by the bytes of their ids', async () => {
    const step = new OrdersStep();
    expect(await extractOrders(step, { orders: march })).toMatchObject({
      orders: { orders: 3, first_day: '2025-03-01' },
    });
    const items = [
      { product_id: 'z', quantity: 2, price: '1' },
      { product_id: 'a', quantity: 1, price: '0.5' },
    ];
    const rows = step
      .rows('orders')
      .map(([id, customer, date, total, list]) => [id, customer, date, total, JSON.parse(list ?? '')]);
    expect(rows).toEqual([
      ['Z comes first by its bytes', '1', '2025-03-02 00:00:00', '2.5000', items],
      ['first', null, '2025-03-01 00:00:00', '2.5000', items],
      ['last', '1', '2025-03-02 23:59:59.999', '0.0625', []],
    ]);
    expect(step.reports.at(-1)).toEqual([3, 3]);
  });

  test('continue after any order, so that another invocation misses none and repeats none', async () => {
    const states: unknown[] = [];
    const whole = new OrdersStep();
    whole.onYield = (state) => states.push(state);
    await extractOrders(whole, { orders: march });
    expect(states.length).toBeGreaterThan(0);
    for (const state of states) {
      const rest = new OrdersStep();
      rest.checkpoint = state as { postgres: unknown };
      await extractOrders(rest, { orders: march });
      const { after } = (state as { postgres: { orders: { after: [string] } } }).postgres.orders;
      const ids = whole.rows('orders').map(([id]) => id ?? '');
      expect(rest.rows('orders').map(([id]) => id)).toEqual(ids.slice(ids.indexOf(after[0]) + 1));
    }
  });

  test('of two ranges go into two datasets, and a yield in the second one does not read the first one again', async () => {
    const ranges = { orders: march, recent_orders: { start_date: '2025-03-02', end_date: '2025-03-02' } };
    const states: unknown[] = [];
    const step = new OrdersStep();
    step.onYield = (state) => states.push(structuredClone(state));
    expect(await extractOrders(step, ranges)).toEqual({
      orders: { orders: 3, first_day: '2025-03-01' },
      recent_orders: { orders: 2, first_day: '2025-03-02' },
    });
    expect(step.rows('recent_orders').map(([id]) => id)).toEqual(['Z comes first by its bytes', 'last']);
    const rest = new OrdersStep();
    rest.checkpoint = states.at(-1) as { postgres: unknown };
    await extractOrders(rest, ranges);
    expect(rest.rows('orders')).toEqual([]);
  });

  test('a range without orders gives none', async () => {
    const step = new OrdersStep();
    expect(await extractOrders(step, { orders: { start_date: '2020-01-01', end_date: '2020-12-31' } })).toEqual({
      orders: { orders: 0, first_day: null },
    });
    expect(step.rows('orders')).toEqual([]);
  });

  test('an amount of more than four decimals, or none, fails the step and names the order', async () => {
    await connectedTo(database.url, async (client) => {
      await client.query('ALTER TABLE orders ALTER total_amount TYPE numeric, ALTER total_amount DROP NOT NULL');
      await client.query("UPDATE orders SET total_amount = 2.500000 WHERE order_id = 'first'");
    });
    expect(await extractOrders(new OrdersStep(), { orders: march })).toMatchObject({
      orders: { orders: 3, first_day: '2025-03-01' },
    });
    for (const wrong of ['0.12345', 'NULL']) {
      await connectedTo(database.url, (client) =>
        client.query(`UPDATE orders SET total_amount = ${wrong} WHERE order_id = 'last'`),
      );
      await expect(extractOrders(new OrdersStep(), { orders: march })).rejects.toMatchObject({
        name: 'ValidationError',
        message: expect.stringContaining('order "last"'),
      });
    }
  });
});
