import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../lib/offline/asl/virtual-clock.ts';

describe('the virtual clock', () => {
  test('jumps to the next timer and gives its promise the time', async () => {
    const clock = new VirtualClock(1000);
    const seen: number[] = [];
    const sleep = async (ms: number): Promise<void> => {
      await clock.sleep(ms);
      seen.push(clock.now());
    };
    await clock.run(Promise.all([sleep(3_600_000), sleep(5), sleep(0), sleep(-7)]));
    expect(seen).toEqual([1000, 1000, 1005, 3_601_000]);
  });

  test('fires timers of equal time in the order of their making, each with all that follows from it', async () => {
    const clock = new VirtualClock();
    const order: string[] = [];
    const chain = async (name: string): Promise<void> => {
      await clock.sleep(10);
      order.push(name);
      for (let i = 0; i < 5; i++) await null;
      order.push(`${name} later`);
    };
    await clock.run(Promise.all(['a', 'b'].map(chain)));
    expect(order).toEqual(['a', 'a later', 'b', 'b later']);
  });

  test('rejects an aborted sleep with the reason of the signal and forgets its timer', async () => {
    const clock = new VirtualClock();
    const control = new AbortController();
    const sleeping = clock.sleep(10, control.signal);
    control.abort('enough');
    await expect(sleeping).rejects.toBe('enough');
    await expect(clock.sleep(10, control.signal)).rejects.toBe('enough');
    expect(clock.pending).toBe(0);
  });

  test('lets no time pass while macrotasks go on or work is held', async () => {
    const clock = new VirtualClock(0);
    const real = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    const work = (async () => {
      await clock.hold(real(20));
      const timer = clock.sleep(50);
      const before = clock.now();
      await clock.hold(real(5));
      await timer;
      return before;
    })();
    expect(await clock.run(Promise.all([work, clock.sleep(100)]))).toEqual([0, undefined]);
    expect(clock.now()).toBe(100);
  });

  test('says so when nothing is left that could settle the promise', async () => {
    const clock = new VirtualClock();
    await expect(clock.run(new Promise(() => undefined))).rejects.toThrow('deadlock at 2026-01-01T00:00:00.000Z');
  });

  test('passes the rejection of the promise on', async () => {
    const clock = new VirtualClock();
    const failing = clock.sleep(10).then(() => {
      throw new Error('no');
    });
    await expect(clock.run(failing)).rejects.toThrow('no');
  });
});

test('the interpreter takes time and chance from nowhere but its options', () => {
  const folder = fileURLToPath(new URL('../../../lib/offline/asl', import.meta.url));
  const offenders = globSync('**/*.ts', { cwd: folder })
    .filter((file) => file !== 'virtual-clock.ts')
    .filter((file) =>
      /setTimeout|setInterval|setImmediate|nextTick|Date\.now|new Date\(\)|Math\.random|randomUUID|performance/.test(
        readFileSync(`${folder}/${file}`, 'utf8'),
      ),
    );
  expect(offenders).toEqual([]);
});
