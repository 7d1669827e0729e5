import { describe, expect, test } from 'vitest';
import { originOf } from '../../../lib/alerts/delivery/origin-of.ts';
import { causeTold, joinCause, leaveCause, placeOf } from '../../../lib/alerts/delivery/shared-causes.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';

describe('the origin of a failure', () => {
  test.each([
    ['GET https://crm.example.com/v1/users answered 503', 'crm.example.com'],
    ['GET https://CRM.example.com:8443/v1?x=https://crm.example.com:8443/y', 'crm.example.com:8443'],
    ['fetch failed: connect ECONNREFUSED 10.0.0.7:5432', '10.0.0.7:5432'],
    ['getaddrinfo ENOTFOUND crm.example.com', 'crm.example.com'],
    ['GET http://user:secret@crm.example.com/x: connection reset', 'crm.example.com'],
    ['https://a.example.com answered 503, and so did https://b.example.com', null],
    ["TypeError: Cannot read properties of undefined (reading 'total')", null],
    ['', null],
    [`${'x'.repeat(10_000)} https://crm.example.com`, null],
  ])('%s: %s', (message, origin) => expect(originOf(message)).toBe(origin));
});

describe('a cause that several pipelines have', () => {
  const hours = (count: number): number => count * 3_600_000;
  const world = () => {
    const store = new MemoryObjectStore();
    const of = (pipeline: string, now = 0, destination = 'pagerduty') =>
      ({ store, destination, incident: `${pipeline}-1`, pipeline, now }) as const;
    const join = (pipeline: string, now = 0, sign = 'RetryableError crm') => joinCause(sign, of(pipeline, now));
    return { of, join };
  };

  test('has one first incident; the others wait until it has told, and then join its message', async () => {
    const { of, join } = world();
    expect(await join('orders')).toMatchObject({ role: 'first', key: 'orders-1' });
    expect(await join('billing')).toMatchObject({ role: 'wait' });
    expect(await join('orders')).toMatchObject({ role: 'first' });
    await causeTold(of('orders'), 'thread 1');
    expect(await join('billing')).toMatchObject({
      role: 'joined',
      key: 'orders-1',
      thread: 'thread 1',
      others: ['orders'],
    });
    expect(await placeOf(of('billing'))).toMatchObject({ key: 'orders-1', thread: 'thread 1' });
    expect(await placeOf(of('stock'))).toBeNull();
  });

  test('goes to the next one when the first dies before it could, or ends unheard', async () => {
    const { of, join } = world();
    await join('orders');
    expect(await join('billing', 119_999)).toMatchObject({ role: 'wait' });
    expect(await join('billing', 120_000)).toMatchObject({ role: 'first', key: 'orders-1' });
    const other = world();
    await other.join('orders');
    await other.join('billing');
    await leaveCause(other.of('orders'));
    expect(await other.join('billing')).toMatchObject({ role: 'first' });
    expect(of('x').incident).toBe('x-1');
  });

  test('ends with the last incident that ends, and each end is decided once', async () => {
    const { of, join } = world();
    await join('orders');
    await causeTold(of('orders'), null);
    await join('billing');
    expect(await leaveCause(of('orders'))).toMatchObject({ role: 'recovered', others: ['billing'] });
    expect(await leaveCause(of('billing'))).toMatchObject({ role: 'resolved', others: [], key: 'orders-1' });
    expect(await leaveCause(of('orders'))).toMatchObject({ role: 'recovered' });
    expect(await leaveCause(of('stock'))).toBeNull();
  });

  test('stays quiet for six hours after its message, and is then a new one', async () => {
    const { of, join } = world();
    await join('orders');
    await causeTold(of('orders'), null);
    await leaveCause(of('orders'));
    expect(await join('billing', hours(6) - 1)).toMatchObject({ role: 'joined' });
    await leaveCause(of('billing'));
    expect(await join('stock', hours(6))).toMatchObject({ role: 'first', key: 'stock-1' });
  });

  test('is another one for another error, origin or destination', async () => {
    const { of, join } = world();
    await join('orders');
    expect(await join('billing', 0, 'RetryableError erp')).toMatchObject({ role: 'first' });
    expect(await joinCause('RetryableError crm', of('stock', 0, 'slack'))).toMatchObject({ role: 'first' });
  });
});
