import { describe, expect, test } from 'vitest';
import { engineLimits, memoryForLimit } from '../../lib/duckdb/limits/engine-limits.ts';
import { neededMemory } from '../../lib/duckdb/limits/needed-memory.ts';

const of = (functionMemoryMb: number, residentMb = 90) =>
  engineLimits({ functionMemoryMb, scratchMb: 4096, cores: 6, residentMb });

describe('engine limits', () => {
  test("DuckDB's limit, its uncounted memory and the memory in use before make three quarters of the memory", () => {
    expect(of(512)).toMatchObject({ memoryLimitMb: 234, threads: 1 });
    expect(of(1024)).toMatchObject({ memoryLimitMb: 618, threads: 1 });
    expect(of(2048)).toMatchObject({ memoryLimitMb: 1346, threads: 2 });
    expect(of(10_240)).toMatchObject({ memoryLimitMb: 7330, threads: 6 });
  });

  test('a process with more memory in use leaves less, but never nothing', () => {
    expect(of(1024, 300).memoryLimitMb).toBe(428);
    expect(of(128).memoryLimitMb).toBe(64);
  });

  test('one thread per vCPU of Lambda, up to the cores of the machine', () => {
    expect([128, 1769, 1770, 3538, 10_240].map((memory) => of(memory).threads)).toEqual([1, 1, 2, 2, 6]);
    expect(engineLimits({ functionMemoryMb: 10_240, scratchMb: 512, cores: 2, residentMb: 90 }).threads).toBe(2);
  });

  test('spilling leaves a tenth of scratch for files', () => {
    expect(of(512).spillMb).toBe(3686);
  });

  test('the memory for a limit is the smallest function memory with that limit', () => {
    for (const limit of [100, 200, 618, 1346, 5000]) {
      const memory = Math.ceil(memoryForLimit(limit, of(512)));
      expect(of(memory).memoryLimitMb).toBeGreaterThanOrEqual(limit);
      expect(of(Math.floor(memory * 0.9)).memoryLimitMb).toBeLessThan(limit);
    }
  });
});

describe('the memory that would be enough', () => {
  test('follows from the values and bytes that the query reads', () => {
    // 10 million rows of two values with 27 bytes: (270 MB + 320 MB) x 1.5 = 844 MiB. With 150 MB in use, of three quarters: 1,325.
    expect(neededMemory(of(512), { values: 20_000_000, bytes: 270_000_000 })).toBe(1536);
  });

  test('is more than the memory that was too small, even if little is read', () => {
    expect(neededMemory(of(512), { values: 1, bytes: 1 })).toBe(768);
    expect(neededMemory(of(512), null)).toBe(1024);
  });

  test("is at most Lambda's maximum, and null if that is too small", () => {
    expect(neededMemory(of(1024), { values: 1e9, bytes: 1e11 })).toBe(10_240);
    expect(neededMemory(of(10_240), null)).toBeNull();
  });
});
