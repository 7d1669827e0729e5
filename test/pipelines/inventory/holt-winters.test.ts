import { describe, expect, test } from 'vitest';
import { backTest, forecastNext } from '../../../lambdas/steps/inventory_forecast/forecast/back-test.ts';
import {
  fitSmoothing,
  forecast,
  initialState,
  season,
  smooth,
} from '../../../lambdas/steps/inventory_forecast/forecast/holt-winters.ts';
import { generatedDemand } from '../../../pipelines/stand-ins/inventory/generated-demand.ts';
import { sized } from '../../support/sized.ts';

describe('damped Holt-Winters', () => {
  const values = [
    12, 15, 9, 14, 22, 30, 28, 11, 17, 8, 15, 25, 31, 26, 13, 14, 10, 16, 24, 33, 30, 12, 18, 11, 15, 26, 32, 29, 15,
  ];
  const start = { level: 18.5, trend: 0.25, seasonal: [-6, -2, -9, -3, 5, 9, 6] };

  // ETSModel(error='add', trend='add', damped_trend=True, seasonal='add') of statsmodels 0.15.0 with these initial values: smooth([alpha, alpha × beta, gamma, phi]).
  test.each([
    [
      { alpha: 0.1, beta: 0.02, gamma: 0.05, phi: 0.98 },
      [19.352295, 12.561968, 18.568275, 26.921689, 31.608999, 28.593873, 15.960137, 20.07987, 13.274991, 19.267038],
      118.200457,
    ],
    [
      { alpha: 0.4, beta: 0.1, gamma: 0.15, phi: 0.9 },
      [19.035688, 12.62521, 18.5182, 27.455514, 32.926243, 29.284275, 15.254997, 19.584775, 13.119389, 18.962961],
      118.893834,
    ],
    [
      { alpha: 0.2, beta: 0, gamma: 0.05, phi: 0.98 },
      [19.4573, 12.718478, 18.760696, 27.156493, 31.858003, 28.805542, 16.156409, 20.338509, 13.582063, 19.60701],
      118.971602,
    ],
  ])('with %o gives the forecasts and errors of statsmodels', (smoothing, expected, squares) => {
    let sum = 0;
    const state = smooth(start, values, smoothing, (error) => {
      sum += error * error;
    });
    expect(forecast(state, smoothing.phi, 10).map((value) => Number(value.toFixed(6)))).toEqual(expected);
    expect(Number(sum.toFixed(6))).toBe(squares);
  });

  test('is not negative', () => {
    expect(forecast({ level: 1, trend: -1, seasonal: Array(7).fill(0) }, 0.98, 5)).toEqual([
      0.020000000000000018, 0, 0, 0, 0,
    ]);
  });
});

const settings = { horizon: 21, origins: 26, protection: 14 };

test('the back-test forecasts from the days before each origin alone', () => {
  const [values = []] = [...generatedDemand(500, 7).units.values()];
  const first = values.length - 21 - 25 * season;
  const smoothing = fitSmoothing(initialState(values.slice(0, 56)), values.slice(0, first));
  let error = 0;
  let squares = 0;
  for (let origin = first; origin + 21 <= values.length; origin += season) {
    const known = values.slice(0, origin);
    const expected = forecast(smooth(initialState(known.slice(0, 56)), known, smoothing), smoothing.phi, 21);
    const ahead = values.slice(origin, origin + 21).map((value, index) => value - (expected[index] ?? 0));
    error += ahead.reduce((sum, one) => sum + Math.abs(one), 0);
    squares += ahead.slice(0, 14).reduce((sum, one) => sum + one, 0) ** 2;
  }
  const tested = backTest(values, settings);
  expect(tested.error).toBeCloseTo(error, 6);
  expect(tested.protectionDeviation).toBeCloseTo(Math.sqrt(squares / 26), 6);
});

test('weeks that repeat are forecast without an error, and so they are by the naive forecast', () => {
  const values = Array.from({ length: 400 }, (_, day) => [5, 0, 9, 3, 12, 20, 1][day % 7] ?? 0);
  const tested = backTest(values, settings);
  expect(tested.naiveError).toBe(0);
  expect(tested.error).toBeCloseTo(0, 6);
  expect(forecastNext(values, 7).expected.map((value) => Math.round(value))).toEqual(
    [0, 9, 3, 12, 20, 1, 5].map((_, index) => values[(400 + index) % 7]),
  );
});

test('the forecast beats the naive one, and is nearly as good as knowing the true mean of each day', () => {
  for (let seed = 1; seed <= sized(1, 20); seed += 1) {
    const { units, means } = generatedDemand(728, seed);
    const sums = { error: 0, naive: 0, ideal: 0, better: 0 };
    for (const [product, values] of units) {
      const { error, naiveError } = backTest(values, settings);
      const known = means.get(product) ?? [];
      sums.error += error;
      sums.naive += naiveError;
      if (error < naiveError) sums.better += 1;
      for (let origin = 728 - 21 - 25 * 7; origin + 21 <= 728; origin += 7)
        for (let day = origin; day < origin + 21; day += 1)
          sums.ideal += Math.abs((values[day] ?? 0) - (known[day] ?? 0));
    }
    expect(sums.error, `seed ${seed}`).toBeLessThan(0.85 * sums.naive);
    expect(sums.better, `seed ${seed}`).toBeGreaterThanOrEqual(23);
    // No forecast is better than the mean; this one loses at most a tenth to it.
    expect(sums.error / sums.ideal, `seed ${seed}`).toBeLessThan(1.1);
    expect(sums.error / sums.ideal, `seed ${seed}`).toBeGreaterThan(1);
  }
});
