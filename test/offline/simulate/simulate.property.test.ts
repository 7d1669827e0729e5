import { describe, expect, test } from 'vitest';
import { sized } from '../../support/sized.ts';
import { checkBudgets, checkMakespans, checkOutcomes, simulateTwice } from './check-simulations.ts';

describe('the compiled machine on the virtual clock', () => {
  test('each step starts exactly when its last dependency ends, so the makespan is the critical path', async () => {
    expect(await checkMakespans(sized(5, 12))).toBeGreaterThan(sized(5, 20));
  });

  test('under scripted faults every step has the outcome, attempts and times that the semantics say', async () => {
    const seen = await checkOutcomes(sized(8, 15));
    for (const outcome of ['succeeded', 'failed', 'blocked'])
      expect(seen.get(outcome), outcome).toBeGreaterThan(sized(5, 15));
  });

  test('each retry budget is spent by its own faults alone, and every delay is exact', async () => {
    for (const [what, times] of Object.entries(await checkBudgets(sized(15, 30))))
      expect(times, what).toBeGreaterThan(sized(0, 2));
  });

  test('the same scenario gives the same report', async () => {
    const [one, two] = await simulateTwice();
    expect(two).toEqual(one);
  });
});
