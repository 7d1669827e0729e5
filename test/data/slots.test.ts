import { expect, test } from 'vitest';
import { Slots } from '../../lib/data/read/slots.ts';

test('runs no more work at once than there are slots, and starts it in order of arrival', async () => {
  const slots = new Slots(2);
  const begun: number[] = [];
  let going = 0;
  let most = 0;
  const work = async (id: number): Promise<number> => {
    begun.push(id);
    going += 1;
    most = Math.max(most, going);
    await new Promise((resolve) => setTimeout(resolve, (id % 3) * 2));
    going -= 1;
    return id;
  };
  const ids = Array.from({ length: 12 }, (_, id) => id);
  expect(await Promise.all(ids.map((id) => slots.use(() => work(id))))).toEqual(ids);
  expect(most).toBe(2);
  expect(begun).toEqual(ids);
});

test('work that fails frees its slot for the next', async () => {
  const slots = new Slots(1);
  const failing = slots.use(() => Promise.reject(new Error('no')));
  const next = slots.use(() => Promise.resolve('done'));
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('done');
});
