import { fitSmoothing, forecast, initialState, type Smoothing, type State, season, smooth } from './holt-winters.ts';

/** Days from which the first state is made: eight weeks. */
const learning = 8 * season;

/** The settings of a back-test. */
export interface BackTestOptions {
  /** Days that each forecast looks ahead. */
  readonly horizon: number;
  /** Forecasts to judge, one per week. */
  readonly origins: number;
  /** Days over which sums are judged, at most the horizon. */
  readonly protection: number;
}

/** The errors of past forecasts of one product. */
export interface BackTest {
  /** Sums over all forecast days: absolute errors of the method and of the naive forecast, and the demand. */
  readonly error: number;
  readonly naiveError: number;
  readonly demand: number;
  /** Root mean square error of a day, and of the sum of the first `protection` days. */
  readonly dayDeviation: number;
  readonly protectionDeviation: number;
}

/** The least number of days that a product needs: eight weeks to begin, eight to learn, and the back-test. */
export function neededDays({ horizon, origins }: BackTestOptions): number {
  return 2 * learning + (origins - 1) * season + horizon;
}

/**
 * Forecasts from past days, each with the values up to it alone: one origin per week, the last one `horizon` days before the end. The smoothing is fitted to the
 * values before the first origin. The naive forecast of a day is the value of the same weekday in the last known week.
 */
export function backTest(values: readonly number[], options: BackTestOptions): BackTest {
  const { horizon, origins, protection } = options;
  const first = values.length - horizon - (origins - 1) * season;
  const start = initialState(values.slice(0, learning));
  const smoothing = fitSmoothing(start, values.slice(0, first));
  const sums = { error: 0, naiveError: 0, demand: 0, squares: 0, protectionSquares: 0 };
  let state: State = smooth(start, values.slice(0, first), smoothing);
  for (let origin = first; origin <= values.length - horizon; origin += season) {
    if (origin > first) state = smooth(state, values.slice(origin - season, origin), smoothing);
    let ahead = 0;
    for (const [index, expected] of forecast(state, smoothing.phi, horizon).entries()) {
      const value = values[origin + index] ?? 0;
      const naive = values[origin - season + (index % season)] ?? 0;
      sums.error += Math.abs(value - expected);
      sums.naiveError += Math.abs(value - naive);
      sums.demand += value;
      sums.squares += (value - expected) ** 2;
      if (index < protection) ahead += value - expected;
    }
    sums.protectionSquares += ahead ** 2;
  }
  return {
    error: sums.error,
    naiveError: sums.naiveError,
    demand: sums.demand,
    dayDeviation: Math.sqrt(sums.squares / (origins * horizon)),
    protectionDeviation: Math.sqrt(sums.protectionSquares / origins),
  };
}

/** The forecast of the days after the last value, with the smoothing that fits all values. */
export function forecastNext(
  values: readonly number[],
  horizon: number,
): { readonly smoothing: Smoothing; readonly expected: number[] } {
  const start = initialState(values.slice(0, learning));
  const smoothing = fitSmoothing(start, values);
  return { smoothing, expected: forecast(smooth(start, values, smoothing), smoothing.phi, horizon) };
}
