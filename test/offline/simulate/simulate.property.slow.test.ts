import { describe, expect, test } from 'vitest';
import { checkBudgets, checkMakespans, checkOutcomes } from './check-simulations.ts';

describe('the compiled machine on the virtual clock, many graphs', () => {
  test('each step starts exactly when its last dependency ends, so the makespan is the critical path', async () => {
    expect(await checkMakespans(150)).toBeGreaterThan(300);
  });

  test('under scripted faults every step has the outcome, attempts and times that the semantics say', async () => {
    const seen = await checkOutcomes(200);
    for (const outcome of ['succeeded', 'failed', 'blocked']) expect(seen.get(outcome), outcome).toBeGreaterThan(200);
  });

  test('each retry budget is spent by its own faults alone, and every delay is exact', async () => {
    for (const [what, times] of Object.entries(await checkBudgets(120))) expect(times, what).toBeGreaterThan(8);
  });
});
