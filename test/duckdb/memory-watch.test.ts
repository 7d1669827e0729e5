import type { DuckDBConnection } from '@duckdb/node-api';
import { describe, expect, test, vi } from 'vitest';
import { MemoryWatch } from '../../lib/duckdb/limits/memory-watch.ts';

const connection = (): { interrupted: number; asConnection: DuckDBConnection } => {
  const fake = {
    interrupted: 0,
    interrupt: () => {
      fake.interrupted += 1;
    },
  };
  return {
    get interrupted() {
      return fake.interrupted;
    },
    asConnection: fake as unknown as DuckDBConnection,
  };
};

describe('memory watch', () => {
  test('interrupts the running query while memory is over the limit, and nothing else', () => {
    vi.useFakeTimers();
    let residentMb = 100;
    const watch = new MemoryWatch(200, () => residentMb);
    const [running, ended] = [connection(), connection()];
    watch.enter(running.asConnection);
    watch.enter(ended.asConnection);
    watch.leave(ended.asConnection);
    vi.advanceTimersByTime(100);
    expect(running.interrupted).toBe(0);
    residentMb = 201;
    vi.advanceTimersByTime(20);
    expect(running.interrupted).toBe(1);
    expect(watch.hasInterrupted(running.asConnection)).toBe(true);
    expect(ended.interrupted).toBe(0);
    vi.useRealTimers();
  });

  test('a connection with a new query does not count as interrupted, and no check runs while nothing runs', () => {
    vi.useFakeTimers();
    const looks = vi.fn(() => 300);
    const watch = new MemoryWatch(200, looks);
    const one = connection();
    watch.enter(one.asConnection);
    vi.advanceTimersByTime(20);
    watch.leave(one.asConnection);
    expect(watch.hasInterrupted(one.asConnection)).toBe(true);
    vi.advanceTimersByTime(1000);
    expect(looks).toHaveBeenCalledTimes(1);
    watch.enter(one.asConnection);
    expect(watch.hasInterrupted(one.asConnection)).toBe(false);
    watch.leave(one.asConnection);
    vi.useRealTimers();
  });
});
