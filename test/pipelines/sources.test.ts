import { afterEach, describe, expect, test } from 'vitest';
import { parseMoney } from '../../lambdas/steps/quantities/money.ts';
import { startCrmServer } from '../../pipelines/stand-ins/crm-server.ts';
import { generatedData } from '../../pipelines/stand-ins/generated-data.ts';
import { importOrderLines } from '../../pipelines/stand-ins/import-order-lines.ts';
import { csvFile, header } from './order-lines-file.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

describe('the import of order lines', () => {
  test('follows the rules on cancelled and rejected lines, guests, ties and names', async () => {
    const file = await csvFile(
      header,
      '1,A,Old name ,2,2011-01-02 10:00:00,1.10,7.0,France',
      '1,B,,3,2011-01-02 09:00:00,0.001,7.0,France',
      'C2,A,Name of a cancelled line,-1,2011-01-03 10:00:00,1.10,8.0,Spain',
      '3,A,Same time but later,5,2011-01-03 10:00:00,0.0,9.0,Italy',
      '3,Z,,-5,2011-01-03 10:00:00,2.0,9.0,Italy',
      '4,A,,1,2011-01-04 00:00:00,2,,Norway',
      '5,B,Bee,1,2011-01-01 00:00:00,3.5,7.0,Malta',
    );
    const { data, counts } = await importOrderLines(file);
    expect(counts).toEqual({ lines: 7, cancelled: 1, rejected: 2, disputed: 0 });
    expect(data.orders).toEqual([
      {
        order_id: '1',
        customer_id: '7',
        order_date: '2011-01-02T09:00:00.000Z',
        total_amount: '2.2030',
        items: [
          { product_id: 'A', quantity: 2, price: '1.1000' },
          { product_id: 'B', quantity: 3, price: '0.0010' },
        ],
      },
      {
        order_id: '4',
        customer_id: null,
        order_date: '2011-01-04T00:00:00.000Z',
        total_amount: '2.0000',
        items: [{ product_id: 'A', quantity: 1, price: '2.0000' }],
      },
      {
        order_id: '5',
        customer_id: '7',
        order_date: '2011-01-01T00:00:00.000Z',
        total_amount: '3.5000',
        items: [{ product_id: 'B', quantity: 1, price: '3.5000' }],
      },
    ]);
    expect(data.users.map(({ email: _, ...user }) => user)).toEqual([
      { user_id: '7', country: 'Malta', created_at: '2011-01-01T00:00:00.000Z' },
      { user_id: '8', country: 'Spain', created_at: '2011-01-03T10:00:00.000Z' },
      { user_id: '9', country: 'Italy', created_at: '2011-01-03T10:00:00.000Z' },
    ]);
    expect(data.products).toEqual([
      // 65 × 7 = 455, 66 × 7 = 462, 90 × 7 = 630.
      { product_id: 'A', name: 'Same time but later', stock_on_hand: 55 },
      { product_id: 'B', name: 'Bee', stock_on_hand: 62 },
      { product_id: 'Z', name: 'Z', stock_on_hand: 30 },
    ]);
    expect(data.range).toEqual({ start_date: '2011-01-01', end_date: '2011-01-04' });
  });

  test.each([
    ['a quantity that is no number', '1,A,x,two,2011-01-02 10:00:00,1.10,7.0,France', /lines\.csv:3: Quantity.*"two"/],
    ['a day that is not in the calendar', '1,A,x,2,2011-02-30 10:00:00,1.10,7.0,France', /:3: InvoiceDate/],
    ['a price in words', '1,A,x,2,2011-02-03 10:00:00,free,7.0,France', /:3: UnitPrice/],
    ['a missing column', '1,A,x,2,2011-02-03 10:00:00,1.0', /:3: .*[Cc]olumn/],
    ['a quote that never ends', '1,A,"x,2,2011-02-03 10:00:00,1.0,7.0,France', /lines\.csv:\d+: .*[Qq]uote/],
    ['no order number', ',A,x,2,2011-02-03 10:00:00,1.0,7.0,France', /:3: InvoiceNo is empty/],
  ])('%s is an error that names the line', async (_, line, message) => {
    const file = await csvFile(header, '1,A,x,2,2011-01-02 10:00:00,1.10,7.0,France', line);
    await expect(importOrderLines(file)).rejects.toThrow(message);
  });

  test('a file without the columns, a file without orders and a missing file are errors', async () => {
    await expect(importOrderLines(await csvFile('a,b', '1,2'))).rejects.toThrow(
      /lines.csv:1: the header has no InvoiceNo/,
    );
    await expect(importOrderLines(await csvFile(header))).rejects.toThrow(/has no order: 0 lines/);
    await expect(importOrderLines('/nowhere/lines.csv')).rejects.toThrow(/ENOENT/);
  });
});

describe('the generated data', () => {
  const data = generatedData();

  test('is the same every time', () => expect(generatedData()).toEqual(data));

  test('covers a year of a shop, with all segments', () => {
    expect([data.orders.length, data.users.length, data.products.length]).toEqual([2_000, 300, 120]);
    expect(data.range).toEqual({ start_date: '2025-01-01', end_date: '2025-12-31' });
    const spent = new Map<string, { total: bigint; orders: number }>();
    for (const { customer_id, total_amount } of data.orders) {
      const sum = spent.get(customer_id ?? '') ?? { total: 0n, orders: 0 };
      spent.set(customer_id ?? '', { total: sum.total + parseMoney(total_amount), orders: sum.orders + 1 });
    }
    expect(spent.has('')).toBe(true);
    const of = (fits: (spent: bigint, orders: number) => boolean): number =>
      [...spent.values()].filter(({ total, orders }) => fits(total / 10_000n, orders)).length;
    expect(of((total, orders) => total >= 1000n && orders >= 10)).toBeGreaterThan(0);
    expect(of((total, orders) => total < 1000n && orders >= 5)).toBeGreaterThan(0);
    expect(of((total, orders) => total < 500n && orders >= 2 && orders < 5)).toBeGreaterThan(0);
    expect(of((total, orders) => total < 100n && orders === 1)).toBeGreaterThan(0);
  });

  test('adds up, and no one orders before the CRM knows them', () => {
    const users = new Map(data.users.map((user) => [user.user_id, user]));
    const products = new Set(data.products.map(({ product_id }) => product_id));
    for (const { items, total_amount, customer_id, order_date } of data.orders) {
      const sum = items.reduce((total, { quantity, price }) => total + BigInt(quantity) * parseMoney(price), 0n);
      expect(sum).toBe(parseMoney(total_amount));
      expect(items.every(({ product_id }) => products.has(product_id))).toBe(true);
      expect((users.get(customer_id ?? '')?.created_at ?? '') < order_date).toBe(true);
    }
  });
});

describe('the CRM stand-in', () => {
  const users = Array.from({ length: 5 }, (_, index) => ({
    user_id: `u${5 - index}`,
    email: 'x@example.com',
    country: 'X',
    created_at: '2025-01-01T00:00:00.000Z',
  }));
  const startCrm = async (options: Partial<Parameters<typeof startCrmServer>[0]> = {}) => {
    const crm = await startCrmServer({ users, token: 'secret', faults: [], requestsPerSecond: 100, ...options });
    stops.push(crm.stop);
    return (path: string, headers: Record<string, string> = {}) =>
      fetch(`${crm.url}${path}`, { headers: { authorization: 'Bearer secret', ...headers } });
  };

  test('answers pages in the order of user_id, to clients with the token', async () => {
    const get = await startCrm();
    const page = await (await get('/users?page=2&page_size=2')).json();
    expect(page).toEqual({ users: [users[2], users[1]], next_page: 3, total: 5 });
    expect(await (await get('/users?page=3&page_size=2')).json()).toEqual({
      users: [users[0]],
      next_page: null,
      total: 5,
    });
    expect((await get('/users', { authorization: 'Bearer other' })).status).toBe(401);
    expect((await get('/users?page=0')).status).toBe(400);
    expect((await get('/users?page_size=101')).status).toBe(400);
    expect((await get('/orders')).status).toBe(404);
  });

  test('plays each scripted fault once, on its request', async () => {
    const get = await startCrm({
      faults: [
        { request: 2, status: 503 },
        { request: 3, status: 429, retryAfter: 7 },
      ],
    });
    const answers = [await get('/users'), await get('/users'), await get('/users'), await get('/users')];
    expect(answers.map(({ status }) => status)).toEqual([200, 503, 429, 200]);
    expect(answers[2]?.headers.get('retry-after')).toBe('7');
  });

  test('limits the rate', async () => {
    const get = await startCrm({ requestsPerSecond: 3 });
    const statuses = [];
    for (let request = 0; request < 5; request += 1) statuses.push((await get('/users')).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
  });

  test('answers from its cache by default', async () => {
    const get = await startCrm();
    const caches = [];
    for (const headers of [{}, {}, { 'cache-control': 'no-cache' }, {}]) {
      caches.push((await get('/users', headers as Record<string, string>)).headers.get('x-cache'));
    }
    expect(caches).toEqual(['miss', 'hit', 'miss', 'hit']);
  });
});
