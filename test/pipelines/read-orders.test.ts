import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseError } from '../../lambdas/steps/connectors/database-error.ts';
import { batchesOf, readSnapshot } from '../../lambdas/steps/connectors/database-snapshot.ts';
import { readOrders } from '../../lambdas/steps/connectors/read-orders.ts';
import { type OrderDatabase, startOrderDatabase } from '../../lib/stand-ins/order-database.ts';
import type { SourceOrder } from '../../lib/stand-ins/source-data.ts';

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

const edges = [
  order('before', '2025-02-28T23:59:59.999Z'),
  order('first', '2025-03-01T00:00:00.000Z', { customer_id: null }),
  order('last', '2025-03-02T23:59:59.999Z', { total_amount: '0.0625', items: [] }),
  order('after', '2025-03-03T00:00:00.000Z'),
];
const many = Array.from({ length: 2_500 }, (_, index) =>
  order(`n${String(index).padStart(4, '0')}`, '2025-06-15T12:00:00.000Z'),
);

const collect = async <Batch>(generator: AsyncGenerator<Batch>) => {
  const batches = [];
  for await (const batch of generator) batches.push(batch);
  return batches;
};

const never = new AbortController().signal;

describe('orders from PostgreSQL', () => {
  let database: OrderDatabase;
  beforeAll(async () => {
    const range = { start_date: '2025-02-28', end_date: '2025-06-15' };
    database = await startOrderDatabase({
      origin: 'test',
      orders: [...many, ...edges],
      users: [],
      products: [],
      range,
    });
  });
  afterAll(() => database?.stop());

  test('belong to a range by their UTC day, both ends included', async () => {
    const batches = await collect(
      readOrders(database.url, { range: { start_date: '2025-03-01', end_date: '2025-03-02' } }, never),
    );
    expect(batches).toEqual([
      {
        total: 2,
        last: 'last',
        orders: [
          {
            order_id: 'first',
            customer_id: null,
            order_date: '2025-03-01T00:00:00.000Z',
            total_amount: '2.50',
            items: [
              { product_id: 'z', quantity: 2, price: '1.00' },
              { product_id: 'a', quantity: 1, price: '0.50' },
            ],
          },
          {
            order_id: 'last',
            customer_id: '1',
            order_date: '2025-03-02T23:59:59.999Z',
            total_amount: '0.0625',
            items: [],
          },
        ],
      },
    ]);
  });

  test('come in batches of 1,000, in the order of their ids', async () => {
    const batches = await collect(
      readOrders(database.url, { range: { start_date: '2025-06-15', end_date: '2025-06-15' } }, never),
    );
    expect(batches.map(({ orders, total }) => [orders.length, total])).toEqual([
      [1000, 2500],
      [1000, 2500],
      [500, 2500],
    ]);
    expect(batches.flatMap(({ orders }) => orders.map(({ order_id }) => order_id))).toEqual(
      many.map(({ order_id }) => order_id),
    );
  });

  test('go on after any order, so that another reader misses none and repeats none', async () => {
    const range = { start_date: '2025-06-15', end_date: '2025-06-15' };
    let after: string | undefined;
    for await (const { last } of readOrders(database.url, { range }, never)) {
      after = last;
      break;
    }
    const rest = await collect(readOrders(database.url, { range, after }, never));
    expect(rest.map(({ orders, total, last }) => [orders.length, total, last])).toEqual([
      [1000, 2500, 'n1999'],
      [500, 2500, 'n2499'],
    ]);
    expect(rest[0]?.orders[0]?.order_id).toBe('n1000');
    expect(await collect(readOrders(database.url, { range, after: 'n2499' }, never))).toEqual([]);
  });

  test('a range without orders gives none', async () => {
    expect(
      await collect(readOrders(database.url, { range: { start_date: '2020-01-01', end_date: '2020-12-31' } }, never)),
    ).toEqual([]);
  });

  test('the connection is given back when the reader stops early, and when it is told to stop', async () => {
    for await (const _ of readOrders(
      database.url,
      { range: { start_date: '2025-06-15', end_date: '2025-06-15' } },
      never,
    ))
      break;
    const abort = new AbortController();
    const reading = readOrders(
      database.url,
      { range: { start_date: '2025-06-15', end_date: '2025-06-15' } },
      abort.signal,
    );
    await reading.next();
    abort.abort(new Error('time is up'));
    await expect(reading.next()).rejects.toThrow('time is up');
    // PGlite takes one transaction at a time: were one of the two still open, this would wait for it.
    expect(
      await collect(readOrders(database.url, { range: { start_date: '2025-03-01', end_date: '2025-03-01' } }, never)),
    ).toHaveLength(1);
  });

  test('nothing can be written, and SQL that is wrong is permanent', async () => {
    const writing = readSnapshot(database.url, never, async function* (snapshot) {
      yield await snapshot.query('DELETE FROM orders');
    });
    await expect(writing.next()).rejects.toMatchObject({
      name: 'PermanentError',
      message: expect.stringContaining('25006'),
    });
    const wrong = readSnapshot(database.url, never, (snapshot) => batchesOf(snapshot, 'SELECT nothing_there', [], 10));
    await expect(wrong.next()).rejects.toMatchObject({
      name: 'PermanentError',
      message: expect.stringContaining('42703'),
    });
  });
});

describe('errors of the database', () => {
  const url = 'postgresql://admin:hunter2@db.internal/shop';

  test.each([
    ['40001', 'RetryableError'],
    ['40P01', 'RetryableError'],
    ['53300', 'RetryableError'],
    ['57P01', 'RetryableError'],
    ['57014', 'RetryableError'],
    ['08006', 'RetryableError'],
    ['28P01', 'PermanentError'],
    ['3D000', 'PermanentError'],
    ['42601', 'PermanentError'],
    ['42501', 'PermanentError'],
    ['ECONNREFUSED', 'RetryableError'],
    ['ECONNRESET', 'RetryableError'],
    ['ENOTFOUND', 'PermanentError'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'PermanentError'],
  ])('%s is a %s', (code, name) => {
    expect(databaseError(Object.assign(new Error('went wrong'), { code }), 'reading').name).toBe(name);
  });

  test.each([
    Object.assign(new Error(`password authentication failed for user "admin" at ${url}`), { code: '28P01' }),
    Object.assign(new TypeError(`Invalid URL ${url}`), { code: 'ERR_INVALID_URL', input: url }),
    new Error(`Connection terminated unexpectedly (${url})`),
  ])('no credential gets into the text: %s', (error) => {
    const { message, cause } = databaseError(error, 'connecting');
    expect(message).not.toMatch(/hunter2|admin|db\.internal/);
    expect(cause).toBeUndefined();
  });

  test('a port where nothing listens, and a server that hangs up, are worth another attempt', async () => {
    const server = createServer((socket: Socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const read = () =>
      readOrders(
        `postgresql://u:p@127.0.0.1:${port}/d`,
        { range: { start_date: '2025-01-01', end_date: '2025-01-01' } },
        never,
      ).next();
    await expect(read()).rejects.toMatchObject({ name: 'RetryableError' });
    await new Promise((resolve) => server.close(resolve));
    await expect(read()).rejects.toMatchObject({
      name: 'RetryableError',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

// A real server shows what PGlite cannot: authentication, and a query that is cut off while it runs.
const real = process.env.TEST_DATABASE_URL;

describe.skipIf(!real)('a real PostgreSQL (skipped: TEST_DATABASE_URL is not set)', () => {
  test('a wrong password is permanent and stays secret', async () => {
    const url = new URL(real ?? '');
    url.password = 'not-the-password';
    const read = readSnapshot(url.href, never, (snapshot) => batchesOf(snapshot, 'SELECT 1', [], 10));
    const error = await read.next().then(
      () => null,
      (reason: Error) => reason,
    );
    expect(error?.name).toBe('PermanentError');
    expect(error?.message).not.toContain('not-the-password');
  });

  test('a running query is cut off when the step has to stop, and one that the server ends is worth another attempt', async () => {
    const abort = new AbortController();
    const started = Date.now();
    const read = readSnapshot(real ?? '', abort.signal, (snapshot) =>
      batchesOf(snapshot, 'SELECT pg_sleep(30)::text', [], 10),
    );
    setTimeout(() => abort.abort(new Error('time is up')), 200);
    await expect(read.next()).rejects.toThrow('time is up');
    expect(Date.now() - started).toBeLessThan(5_000);

    const killed = readSnapshot(real ?? '', never, (snapshot) =>
      batchesOf(snapshot, "SELECT 'seen-by-test', pg_sleep(30)::text", [], 10),
    );
    const failing = expect(killed.next()).rejects.toMatchObject({ name: 'RetryableError' });
    const other = new pg.Client({ connectionString: real });
    await other.connect();
    for (let ended = 0; ended === 0; ) {
      const sql =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%FETCH%' AND pid <> pg_backend_pid()";
      ended = (await other.query(sql)).rowCount ?? 0;
    }
    await other.end();
    await failing;
  });
});
