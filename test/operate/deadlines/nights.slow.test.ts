import { expect, test } from 'vitest';
import { type Night, playNights, ratesOf } from './nights.ts';

test('the notice comes before the miss in at least 9 of 10 slow runs, with at most 1 false notice in 50 good runs', async () => {
  const nights: Night[] = [];
  for (const progress of [false, true]) {
    nights.push(...(await playNights(130, { seed: 11, progress, trouble: 'usual' })));
    nights.push(...(await playNights(330, { seed: 23, progress, trouble: 'much' })));
  }
  const usual = ratesOf(nights.filter(({ trouble }) => trouble === 'usual'));
  const much = ratesOf(nights.filter(({ trouble }) => trouble === 'much'));
  console.info(`usual nights: ${JSON.stringify(usual)}; nights with trouble: ${JSON.stringify(much)}`);
  const [slow, noticed] = [usual.slow + much.slow, usual.noticed + much.noticed];
  expect(slow).toBeGreaterThanOrEqual(200);
  expect(usual.good).toBeGreaterThanOrEqual(200);
  expect(noticed / slow).toBeGreaterThanOrEqual(0.9);
  expect(usual.falseNotices / usual.good).toBeLessThanOrEqual(1 / 50);
  for (const rates of [usual, much]) {
    expect(rates.missed).toBe(rates.slow);
    expect(rates.falseMisses).toBe(0);
    expect(rates.twice).toBe(0);
  }
});
