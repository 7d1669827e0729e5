import { expect, test } from 'vitest';
import { handleOnce } from '../../../lib/runtime/subscribers/handle-once.ts';
import { memoryWorld } from '../fixtures.ts';
import { stepFailed } from '../incidents/incident-fixtures.ts';

const of = { subscriber: 'monitor', event: stepFailed('02:00', { run: 'r1' }), remaining: 60_000 };

test('an event that was handled is not handled again, and other subscribers still get it', async () => {
  const world = memoryWorld();
  let calls = 0;
  const work = async () => {
    calls += 1;
  };
  expect(await handleOnce(world, of, work)).toBe(true);
  expect(await handleOnce(world, of, work)).toBe(false);
  expect(await handleOnce(world, { ...of, subscriber: 'other' }, work)).toBe(true);
  expect(calls).toBe(2);
});

test('work that threw is done again', async () => {
  const world = memoryWorld();
  await expect(handleOnce(world, of, () => Promise.reject(new Error('no luck')))).rejects.toThrow('no luck');
  expect(await handleOnce(world, of, async () => undefined)).toBe(true);
});

test('of two that come at once one works, and the other is tried again later', async () => {
  const world = memoryWorld();
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = handleOnce(world, of, () => promise);
  await expect(handleOnce(world, of, async () => undefined)).rejects.toMatchObject({ name: 'PlatformError' });
  resolve();
  expect(await first).toBe(true);
});

test('work whose process died is done again once the time of its function has ended, and not before', async () => {
  const world = memoryWorld();
  void handleOnce(world, of, () => new Promise(() => undefined));
  await new Promise((resolve) => setImmediate(resolve));
  await expect(handleOnce(world, of, async () => undefined)).rejects.toThrow('another invocation of monitor works on');
  world.clock.pass(59_999);
  await expect(handleOnce(world, of, async () => undefined)).rejects.toThrow('another invocation of monitor works on');
  world.clock.pass(1);
  expect(await handleOnce(world, of, async () => undefined)).toBe(true);
});
