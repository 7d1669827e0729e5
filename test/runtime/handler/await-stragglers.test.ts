import { expect, test } from 'vitest';
import { awaitStragglers } from '../../../lib/runtime/handler/await-stragglers.ts';
import type { Step, StepFunction } from '../../../lib/runtime/step.ts';

const run = (handler: StepFunction): Promise<unknown> => Promise.resolve(awaitStragglers(handler)({} as Step));

test('a promise that is rejected while the handler works fails it', async () => {
  const work = run(async () => {
    void Promise.reject(new RangeError('forgotten'));
    await new Promise((resolve) => setTimeout(resolve, 10_000).unref());
    return {};
  });
  await expect(work).rejects.toThrow(new RangeError('forgotten'));
});

test.each([
  ['at once', () => void Promise.reject(new Error('late'))],
  ['after a timer', () => void setTimeout(() => Promise.reject(new Error('late')), 60)],
  ['after a file was not found', async () => (await import('node:fs/promises')).readFile('/nowhere/late')],
])('a promise that is rejected after the handler returned fails it: %s', async (_, leave) => {
  const work = run(async () => {
    void leave();
    return {};
  });
  await expect(work).rejects.toThrow('late');
});

test('work that was open before the handler began is not waited for', async () => {
  const left = setInterval(() => undefined, 1_000);
  expect(await run(async () => 1)).toBe(1);
  clearInterval(left);
});

test('the listeners that were there have their turn again afterwards', async () => {
  const before = process.listeners('unhandledRejection');
  await run(async () => ({}));
  expect(process.listeners('unhandledRejection')).toEqual(before);
});
