import { expect, test } from 'vitest';
import { errorNames } from '../../../lib/contract/error-names.ts';
import { readAll } from '../object-store.conformance.ts';
import { misbehavingS3 } from './misbehaving-s3.ts';

const { proxy, plan, open } = await misbehavingS3();

test('503 SlowDown is retried until it passes', async () => {
  const store = await open();
  plan(/PUT/, 'slow down', 'slow down');
  expect(await store.put('k', 'x')).toMatchObject({ written: true });
  expect(proxy.seen).toEqual(['PUT k', 'PUT k', 'PUT k']);
  plan(/GET/, 'slow down');
  expect(String(await readAll(store, 'k'))).toBe('x');
});

test('503 SlowDown that stays is a PlatformError after five tries', async () => {
  const store = await open();
  plan(/PUT/, ...Array.from({ length: 5 }, () => 'slow down' as const));
  await expect(store.put('k', 'x')).rejects.toMatchObject({
    name: errorNames.platform,
    message: expect.stringContaining('SlowDown'),
  });
  expect(proxy.seen).toHaveLength(5);
});

test('a conditional create whose answer was lost is retried, meets its own object, and counts as written', async () => {
  const store = await open();
  plan(/PUT/, 'lose the answer');
  const answer = await store.put('k', 'x', { ifNoneMatch: '*' });
  expect(answer).toEqual({ written: true, etag: (await store.get('k'))?.etag });
  expect(proxy.seen.slice(0, 3)).toEqual(['PUT k', 'PUT k', 'HEAD k']);
});

test('a compare-and-swap whose answer was lost counts as written, too', async () => {
  const store = await open();
  await store.put('k', 'one');
  const etag = (await store.get('k'))?.etag ?? '';
  plan(/PUT/, 'lose the answer');
  expect(await store.put('k', 'two', { ifMatch: etag })).toMatchObject({ written: true });
  expect(String((await store.get('k'))?.body)).toBe(String(Buffer.from('two').toJSON().data));
});

test('409 ConditionalRequestConflict is retried', async () => {
  const store = await open();
  plan(/PUT/, 'conflict', 'conflict');
  expect(await store.put('k', 'x', { ifNoneMatch: '*' })).toMatchObject({ written: true });
  expect(proxy.seen).toEqual(['PUT k', 'PUT k', 'PUT k']);
});

test('403 for a missing key is a PlatformError that names s3:ListBucket', async () => {
  const store = await open();
  plan(/GET/, 'deny a missing key', 'deny a missing key');
  const denied = { name: errorNames.platform, message: expect.stringContaining('s3:ListBucket') };
  await expect(store.get('missing')).rejects.toMatchObject(denied);
  await expect(store.read('missing')).rejects.toMatchObject(denied);
});

test('a connection that breaks in the middle of a body is resumed, and the bytes are right', async () => {
  const store = await open();
  const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => `${index}`).join());
  await store.put('k', content);
  plan(/GET/, 'break the body', 'break the body');
  expect(Buffer.compare(Buffer.from((await readAll(store, 'k')) ?? []), content)).toBe(0);
  expect(proxy.seen.filter((each) => each === 'GET k')).toHaveLength(3);
});
