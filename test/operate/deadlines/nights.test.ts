import { expect, test } from 'vitest';
import { playNights, ratesOf } from './nights.ts';

test('of a few nights with trouble the late ones are noticed before, and nothing comes twice', async () => {
  const rates = ratesOf(await playNights(7, { seed: 23, progress: false, trouble: 'much' }));
  expect(rates.slow).toBeGreaterThanOrEqual(2);
  expect(rates).toMatchObject({ noticed: rates.slow, missed: rates.slow, falseNotices: 0, falseMisses: 0, twice: 0 });
});
