import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { positionColumns } from '../../../lambdas/steps/risk_calculation/extract-positions.ts';
import { priceColumns } from '../../../lambdas/steps/risk_calculation/extract-prices.ts';
import { rateColumns } from '../../../lambdas/steps/risk_calculation/extract-rates.ts';
import { criticalRatio, judge } from '../../../lambdas/steps/risk_calculation/report/kupiec.ts';
import { generatedMarket } from '../../../pipelines/stand-ins/risk/generated-market.ts';
import { sized, slowTest } from '../../support/sized.ts';
import { PipelineQueries } from '../pipeline-queries.ts';
import { riskByHand } from './risk-by-hand.ts';

const as_of = '2026-03-31';

describe('the queries', () => {
  let queries: PipelineQueries;
  beforeAll(async () => {
    queries = await PipelineQueries.open('pipelines/risk_calculation.yaml');
  });
  afterAll(() => queries?.close());

  const cents = (amount: unknown): number => Math.round(Number(amount) * 100);

  test.each([
    { confidence: '0.95', worst: 2 },
    { confidence: '0.975', worst: 1 },
  ])('with confidence $confidence equal a calculation over arrays, to the cent', async ({ confidence, worst }) => {
    const [window, backtest_days] = [sized(40, 50), sized(20, 150)];
    for (let seed = 1; seed <= sized(1, 8); seed += 1) {
      const market = generatedMarket(as_of, window + backtest_days + 1, seed);
      await queries.define('extract_positions.positions', positionColumns, market.positions);
      await queries.define('extract_prices.prices', priceColumns, market.prices);
      await queries.define('extract_rates.rates', rateColumns, market.rates);
      const input = { as_of, confidence, window, backtest_days };
      for (const step of ['model_returns', 'simulate']) await queries.run(step, input);
      const { risks = [] } = (await queries.run('value_at_risk', input)).datasets;
      const backtest = await queries.run('backtest', input);
      for (const desk of ['total', 'equities', 'bonds']) {
        const expected = riskByHand(market, { window, backtest_days, worst }, desk);
        const risk = risks.find((row) => row.desk === desk);
        expect(risk).toMatchObject({ scenarios: window, worst });
        expect(cents(risk?.value_at_risk)).toBe(expected.value_at_risk);
        expect(String(cents(risk?.expected_shortfall))).toBe(expected.expected_shortfall);
        const statements = (backtest.datasets.statements ?? []).filter((row) => row.desk === desk);
        expect(
          statements.map(({ day, value_at_risk, profit }) => ({
            day,
            value_at_risk: cents(value_at_risk),
            profit: cents(profit),
          })),
        ).toEqual(expected.statements);
        expect(statements.map(({ exceeded }) => exceeded)).toEqual(
          expected.statements.map(({ profit, value_at_risk }) => profit < -value_at_risk),
        );
      }
    }
  });

  test('say nothing when the window is not full', async () => {
    const market = generatedMarket(as_of, 30);
    await queries.define('extract_positions.positions', positionColumns, market.positions);
    await queries.define('extract_prices.prices', priceColumns, market.prices);
    await queries.define('extract_rates.rates', rateColumns, market.rates);
    const input = { as_of, confidence: '0.95', window: 40, backtest_days: 10 };
    for (const step of ['model_returns', 'simulate']) await queries.run(step, input);
    const { risks = [] } = (await queries.run('value_at_risk', input)).datasets;
    expect(risks.map(({ value_at_risk, expected_shortfall }) => [value_at_risk, expected_shortfall])).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ]);
    expect((await queries.run('backtest', input)).datasets.statements).toEqual([]);
  });
});

describe('the judgement', () => {
  // scipy.stats.binom.interval(0.95, days, stated) of SciPy.
  test.each([
    [500, 5 / 501, 1, 10],
    [250, 0.01, 0, 6],
    [1000, 0.01, 4, 17],
    [1000, 0.05, 37, 64],
    [500, 0.05, 16, 35],
  ])('%i days at %f: %i to %i exceedances are in the 95%% range', (days, stated, low, high) => {
    expect(judge(days, low, stated).range).toEqual({ low, high });
    expect(judge(days, low, stated).inRange).toBe(true);
    expect(judge(days, high, stated).inRange).toBe(true);
    expect(judge(days, high + 1, stated).inRange).toBe(false);
    if (low > 0) expect(judge(days, low - 1, stated).inRange).toBe(false);
  });

  // The regions that Kupiec (1995) publishes: N < 7, 1 < N < 11, 4 < N < 17 at 1%; 6 < N < 21, 16 < N < 36, 37 < N < 65 at 5%.
  test.each([
    [255, 0.01, 1, 6],
    [510, 0.01, 2, 10],
    [1000, 0.01, 5, 16],
    [255, 0.05, 7, 20],
    [510, 0.05, 17, 35],
    [1000, 0.05, 38, 64],
  ])('%i days at %f: the ratio does not reject %i to %i exceedances', (days, stated, low, high) => {
    const kept = Array.from({ length: 100 }, (_, count) => count).filter(
      (count) => judge(days, count, stated).ratio < criticalRatio,
    );
    expect([kept[0], kept.at(-1)]).toEqual([low, high]);
  });
});

/** Exceedances of both desks together with the pipeline's settings. */
const exceedances = (seed: number): number => {
  const market = generatedMarket(as_of, 1_001, seed);
  const { statements } = riskByHand(market, { window: 500, backtest_days: 500, worst: 5 }, 'total');
  expect(statements).toHaveLength(500);
  return statements.filter(({ profit, value_at_risk }) => profit < -value_at_risk).length;
};

slowTest('exceedances lie in the 95% range for the generated market, and for nine of ten others', () => {
  const counts = Array.from({ length: 40 }, (_, index) => exceedances(index + 1));
  expect(judge(500, counts[0] ?? 0, 5 / 501).inRange).toBe(true);
  const inRange = counts.filter((count) => judge(500, count, 5 / 501).inRange).length;
  expect(inRange).toBeGreaterThanOrEqual(36);
  // The mean of all is what the value at risk states: 4.99 of 500 days, give or take three standard errors (overlapping windows widen the spread).
  const mean = counts.reduce((sum, one) => sum + one, 0) / counts.length;
  expect(mean).toBeGreaterThan(3.8);
  expect(mean).toBeLessThan(6.2);
});
