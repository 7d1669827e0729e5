import { expect, test } from 'vitest';
import { oneAhead } from '../../lib/data/read/one-ahead.ts';

/** Counts requests, and records whether the source was stopped. */
const counted = (items: readonly (number | Error)[]) => {
  const seen = { asked: 0, stopped: false };
  const source = async function* (): AsyncGenerator<number> {
    try {
      for (const item of items) {
        seen.asked += 1;
        if (item instanceof Error) throw item;
        yield item;
      }
    } finally {
      seen.stopped = true;
    }
  };
  return { seen, source, items: oneAhead(source()) };
};

test('gives the same items in order, and requests each while the one before it is in use', async () => {
  const { seen, items } = counted([1, 2, 3]);
  const steps: string[] = [];
  for await (const item of items) {
    await new Promise(setImmediate);
    steps.push(`${item} in use, ${seen.asked} asked for`);
  }
  expect(steps).toEqual(['1 in use, 2 asked for', '2 in use, 3 asked for', '3 in use, 3 asked for']);
});

test('requests nothing while a large item is in use', async () => {
  const { seen, source } = counted([1, 200, 3]);
  const items = oneAhead(source(), (item) => item > 100);
  const steps: string[] = [];
  for await (const item of items) {
    await new Promise(setImmediate);
    steps.push(`${item} in use, ${seen.asked} asked for`);
  }
  expect(steps).toEqual(['1 in use, 2 asked for', '200 in use, 2 asked for', '3 in use, 3 asked for']);
});

test('throws an error at its turn, not while the item before it is in use', async () => {
  const fault = new Error('broken');
  const { items } = counted([1, fault]);
  expect(await items.next()).toEqual({ done: false, value: 1 });
  await new Promise(setImmediate);
  await expect(items.next()).rejects.toBe(fault);
});

test('stops the source when its reader stops, and does not make the reader wait for pending requests', async () => {
  const { seen, items } = counted([1, 2, 3, 4]);
  for await (const item of items) if (item === 1) break;
  await new Promise(setImmediate);
  expect(seen).toEqual({ asked: 2, stopped: true });

  const hanging = oneAhead(
    (async function* () {
      yield 1;
      await new Promise(() => {});
    })(),
  );
  for await (const item of hanging) if (item === 1) break;
});
