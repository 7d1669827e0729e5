import { expect, test } from 'vitest';
import { calibration } from './calibration.ts';

test('over 500 runs the true end lies in the range in 75 to 90 % of the looks, with progress and without', () => {
  const shares = [calibration(250, { progress: false, seed: 1 }), calibration(250, { progress: true, seed: 2 })];
  console.info(`true end in the estimated range: ${shares.join(' % and ')} % of the looks`);
  for (const share of shares) {
    expect(share).toBeGreaterThanOrEqual(75);
    expect(share).toBeLessThanOrEqual(90);
  }
});
