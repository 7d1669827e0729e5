import { expect, test } from 'vitest';
import { compareLongSteps } from './compare-long-steps.ts';

test('kills, hangs and lost answers change neither rows nor digest, and checkpoints never move back', async () => {
  const { killed, yielded } = await compareLongSteps({ numRuns: 25, seed: 20_261_120 });
  expect(killed).toBeGreaterThan(10);
  expect(yielded).toBeGreaterThan(40);
});
