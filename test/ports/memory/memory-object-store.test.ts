import { expect, test } from 'vitest';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import { describeObjectStore } from '../object-store.conformance.ts';

describeObjectStore('MemoryObjectStore', async () => new MemoryObjectStore());

test('the memory store settles in microtasks alone, so a virtual clock does not advance', async () => {
  const store = new MemoryObjectStore();
  let turned = false;
  const turn = setImmediate(() => {
    turned = true;
  });
  for (let round = 0; round < 100; round += 1) {
    await store.put(`k/${round}`, 'x', { ifNoneMatch: '*' });
    await store.get(`k/${round}`);
    for await (const _ of store.list('k/')) break;
  }
  expect(turned).toBe(false);
  clearImmediate(turn);
});

test('the memory store copies its input and returns copies', async () => {
  const store = new MemoryObjectStore();
  const mine = Buffer.from([1, 2, 3]);
  await store.put('k', mine);
  mine[0] = 9;
  const theirs = await store.get('k');
  theirs?.body.fill(7);
  expect([...((await store.get('k'))?.body ?? [])]).toEqual([1, 2, 3]);
});
