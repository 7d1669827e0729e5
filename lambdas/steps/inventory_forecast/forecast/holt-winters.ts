/** Days of a season: a week. */
export const season = 7;

/** Smoothing of level, trend and season, and the damping of the trend; each from 0 to 1. */
export interface Smoothing {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number;
}

/** Level, trend and the seasonal parts of the next seven days. */
export interface State {
  readonly level: number;
  readonly trend: number;
  readonly seasonal: readonly number[];
}

/** The state before the first day: the level is the mean of whole weeks, the seasonal parts are the deviations of the weekdays, there is no trend. */
export function initialState(weeks: readonly number[]): State {
  const level = mean(weeks);
  const seasonal = Array.from(
    { length: season },
    (_, weekday) => mean(weeks.filter((_, index) => index % season === weekday)) - level,
  );
  return { level, trend: 0, seasonal };
}

/**
 * Holt and Winters' additive method with a damped trend: R. Hyndman, G. Athanasopoulos, "Forecasting: Principles and Practice", 3rd edition, sections 8.2 and 8.3
 * (https://otexts.com/fpp3/holt-winters.html). Takes the values in order and calls `seen` with the error of each forecast one day ahead.
 */
export function smooth(
  start: State,
  values: readonly number[],
  { alpha, beta, gamma, phi }: Smoothing,
  seen?: (error: number, index: number) => void,
): State {
  let { level, trend } = start;
  const seasonal = [...start.seasonal];
  for (const [index, value] of values.entries()) {
    const at = index % season;
    const before = level + phi * trend;
    const part = seasonal[at] ?? 0;
    seen?.(value - before - part, index);
    const next = alpha * (value - part) + (1 - alpha) * before;
    trend = beta * (next - level) + (1 - beta) * phi * trend;
    seasonal[at] = gamma * (value - before) + (1 - gamma) * part;
    level = next;
  }
  const turned = values.length % season;
  return { level, trend, seasonal: [...seasonal.slice(turned), ...seasonal.slice(0, turned)] };
}

/** The expected values of the next days. Demand is not negative. */
export function forecast({ level, trend, seasonal }: State, phi: number, days: number): number[] {
  let damped = 0;
  return Array.from({ length: days }, (_, index) => {
    damped += phi ** (index + 1);
    return Math.max(0, level + damped * trend + (seasonal[index % season] ?? 0));
  });
}

/** The smoothing on a grid with the smallest sum of squared errors one day ahead; the first of equals. */
export function fitSmoothing(start: State, values: readonly number[]): Smoothing {
  let best: Smoothing = { alpha: 0.1, beta: 0, gamma: 0.1, phi: 0.98 };
  let least = Number.POSITIVE_INFINITY;
  for (const smoothing of grid) {
    let squares = 0;
    smooth(start, values, smoothing, (error) => {
      squares += error * error;
    });
    if (squares < least) [best, least] = [smoothing, squares];
  }
  return best;
}

/** Small steps near 0: daily sales are noisy, so most series want slow smoothing. */
const grid: readonly Smoothing[] = [0.02, 0.05, 0.1, 0.2, 0.4].flatMap((alpha) =>
  [0, 0.02, 0.1].flatMap((beta) =>
    [0, 0.02, 0.05, 0.15].flatMap((gamma) =>
      (beta === 0 ? [0.98] : [0.9, 0.98]).map((phi) => ({ alpha, beta, gamma, phi })),
    ),
  ),
);

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
