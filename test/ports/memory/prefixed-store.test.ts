import { expect, test } from 'vitest';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import { openStore } from '../../../lib/ports/open-store.ts';
import { PrefixedStore } from '../../../lib/ports/prefixed-store.ts';
import { keysOf } from '../object-store.conformance.ts';

test('a prefixed store sees no key beside its prefix, and writes none', async () => {
  const whole = new MemoryObjectStore();
  await whole.put('team/data2/other', 'x');
  await whole.put('orders/runs/1', 'x');
  const part = new PrefixedStore(whole, 'team/data/');
  await part.put('orders/runs/2', 'x');
  expect(await keysOf(part, '')).toEqual(['orders/runs/2']);
  expect(await part.get('orders/runs/1')).toBeNull();
  expect(await keysOf(whole, '')).toEqual(['orders/runs/1', 'team/data/orders/runs/2', 'team/data2/other']);
});

test('an address with a prefix opens that part of a bucket', async () => {
  const env = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none' };
  expect((await openStore('s3://bucket/team/data/', env)).url).toBe('s3://bucket/team/data');
  expect((await openStore('s3://bucket/', env)).url).toBe('s3://bucket');
});
