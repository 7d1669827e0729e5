import { expect, test } from 'vitest';
import { checkpointScenario } from '../exploration/checkpoint-scenario.ts';
import { explore } from '../exploration/explore.ts';

test('no checkpoint moves back, and each row is there once, in every interleaving with a crash, a time-out and a lost answer', async () => {
  const { states, interleavings, ends } = await explore(checkpointScenario());
  console.info(`checkpoints: ${interleavings} interleavings through ${states} states to ${ends} ends`);
  expect(states).toBeGreaterThan(50_000);
  expect(interleavings).toBeGreaterThan(1_000_000_000n);
  expect(ends).toBeGreaterThan(1_000);
});
