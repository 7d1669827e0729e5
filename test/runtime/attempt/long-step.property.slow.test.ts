import { expect, test } from 'vitest';
import { compareLongSteps } from './compare-long-steps.ts';

test('kills, hangs and lost answers change neither rows nor digest, and checkpoints never move back, 250 times', async () => {
  const { killed, yielded } = await compareLongSteps({ numRuns: 250, seed: 20_261_120 });
  expect(killed).toBeGreaterThan(150);
  expect(yielded).toBeGreaterThan(500);
});
