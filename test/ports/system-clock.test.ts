import { afterEach, expect, test, vi } from 'vitest';
import { SystemClock } from '../../lib/ports/system-clock.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('the clock sleeps as long as requested, longer than a timer can', async () => {
  vi.useFakeTimers();
  const clock = new SystemClock();
  const start = clock.now();
  const month = 30 * 24 * 60 * 60 * 1000;
  let woke: number | null = null;
  const sleeping = clock.sleep(month).then(() => {
    woke = clock.now() - start;
  });
  await vi.advanceTimersByTimeAsync(month - 1);
  expect(woke).toBeNull();
  await vi.advanceTimersByTimeAsync(1);
  await sleeping;
  expect(woke).toBe(month);
});

test("a sleep ends with the signal's reason, and leaves no timer", async () => {
  vi.useFakeTimers();
  const stop = new AbortController();
  const reason = new Error('stop');
  const sleeping = new SystemClock().sleep(1000, stop.signal);
  stop.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
  await expect(new SystemClock().sleep(1000, stop.signal)).rejects.toBe(reason);
  expect(vi.getTimerCount()).toBe(0);
});

test('a negative time is no wait', async () => {
  await new SystemClock().sleep(-5);
  expect(Math.abs(new SystemClock().now() - Date.now())).toBeLessThan(1000);
});
