import { defineStep, PermanentError } from 'daybreak';
import * as z from 'zod/mini';
import { addDays } from '../quantities/days.ts';
import { backTest, forecastNext, neededDays } from './forecast/back-test.ts';
import type { ForecastInput } from './input.ts';

const positive = z.int().check(z.positive());
const options = z.strictObject({ horizon: positive, origins: positive, review_days: positive });

/** Columns of the dataset `forecasts`: `ahead` counts days from 1. */
export const forecastColumns = { product_id: 'VARCHAR', day: 'DATE', ahead: 'BIGINT', expected: 'DOUBLE' };

/** Columns of the dataset `accuracy`, as `BackTest` names them, and the smoothing of the forecast. */
export const accuracyColumns = {
  product_id: 'VARCHAR',
  error: 'DOUBLE',
  naive_error: 'DOUBLE',
  demand: 'DOUBLE',
  day_deviation: 'DOUBLE',
  protection_days: 'BIGINT',
  protection_deviation: 'DOUBLE',
  alpha: 'DOUBLE',
  beta: 'DOUBLE',
  gamma: 'DOUBLE',
  phi: 'DOUBLE',
};

/**
 * Writes `forecasts` and `accuracy` for each product with enough history, and returns the errors of all together as shares of the demand. A method that is no
 * better than the naive forecast is a warning.
 */
export const handler = defineStep<ForecastInput>(async (step) => {
  const { horizon, origins, review_days } = options.parse(step.config);
  const leads = new Map<string, number>();
  for await (const rows of step.rows<{ product_id: string; lead_days: number }>('extract_stock.stock'))
    for (const { product_id, lead_days } of rows) leads.set(product_id, lead_days);
  const demand = new Map<string, number[]>();
  for await (const rows of step.rows<{ product_id: string; units: number }>('daily_demand.demand', {
    batchSize: 10_000,
  })) {
    for (const { product_id, units } of rows) {
      const values = demand.get(product_id);
      if (values) values.push(units);
      else demand.set(product_id, [units]);
    }
  }

  const forecasts = step.writer('forecasts', { columns: forecastColumns });
  const accuracy = step.writer('accuracy', { columns: accuracyColumns });
  const sums = { error: 0, naive: 0, demand: 0, better: 0 };
  for (const [product_id, values] of demand) {
    const protection = (leads.get(product_id) ?? 0) + review_days;
    if (protection > horizon)
      throw new PermanentError(
        `lead time and review of ${JSON.stringify(product_id)} are ${protection} days; the horizon is ${horizon}`,
      );
    const settings = { horizon, origins, protection };
    if (values.length < neededDays(settings)) continue;
    const tested = backTest(values, settings);
    const { smoothing, expected } = forecastNext(values, horizon);
    await forecasts.append(
      expected.map((units, index) => ({
        product_id,
        day: addDays(step.input.as_of, index + 1),
        ahead: index + 1,
        expected: units,
      })),
    );
    await accuracy.append([
      {
        product_id,
        error: tested.error,
        naive_error: tested.naiveError,
        demand: tested.demand,
        day_deviation: tested.dayDeviation,
        protection_days: protection,
        protection_deviation: tested.protectionDeviation,
        ...smoothing,
      },
    ]);
    sums.error += tested.error;
    sums.naive += tested.naiveError;
    sums.demand += tested.demand;
    if (tested.error < tested.naiveError) sums.better += 1;
    await step.progress(accuracy.rowCount, demand.size);
  }
  const share = (error: number): number => (sums.demand === 0 ? 0 : error / sums.demand);
  await step.check('the forecast beats the naive one', sums.error < sums.naive, {
    measured: `${(100 * share(sums.error)).toFixed(1)}% of the demand`,
    allowed: `below ${(100 * share(sums.naive)).toFixed(1)}%`,
    onViolation: 'warn',
  });
  return {
    products: accuracy.rowCount,
    short_history: demand.size - accuracy.rowCount,
    error: share(sums.error),
    naive_error: share(sums.naive),
    better: sums.better,
    origins,
    horizon,
  };
});
