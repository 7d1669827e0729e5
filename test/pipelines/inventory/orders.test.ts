import Big from 'big.js';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { salesColumns } from '../../../lambdas/steps/inventory_forecast/extract-sales.ts';
import { stockColumns } from '../../../lambdas/steps/inventory_forecast/extract-stock.ts';
import { backTest, forecastNext } from '../../../lambdas/steps/inventory_forecast/forecast/back-test.ts';
import { accuracyColumns, forecastColumns } from '../../../lambdas/steps/inventory_forecast/forecast-demand.ts';
import { generatedDemand } from '../../../pipelines/stand-ins/inventory/generated-demand.ts';
import { sized, slowTest } from '../../support/sized.ts';
import { PipelineQueries } from '../pipeline-queries.ts';

let queries: PipelineQueries;
beforeAll(async () => {
  queries = await PipelineQueries.open('pipelines/inventory_forecast.yaml');
});
afterAll(() => queries?.close());

const as_of = '2026-03-29';
const dayOf = (index: number): string => new Date(Date.parse(as_of) + index * 86_400_000).toISOString().slice(0, 10);
const item = (product_id: string) => ({
  product_id,
  name: product_id,
  stock_on_hand: 0,
  on_order: 0,
  lead_days: 5,
  pack_size: 1,
  unit_cost: '1.00',
});

test('each product has one row per day from its first sale on, with zeros between; other products have none', async () => {
  const sale = fc.record({
    product_id: fc.constantFrom('a', 'b', 'é', 'gone'),
    // Some days lie before the history, and some after the day of the run.
    index: fc.integer({ min: -40, max: 3 }),
    units: fc.integer({ min: 0, max: 9 }),
  });
  await queries.define('extract_stock.stock', stockColumns, ['a', 'b', 'é', 'never sold'].map(item));
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(sale, { maxLength: 20, selector: ({ product_id, index }) => `${product_id} ${index}` }),
      async (sales) => {
        const rows = sales.map(({ index, ...one }) => ({ ...one, day: dayOf(index) }));
        await queries.define('extract_sales.sales', salesColumns, rows);
        const { datasets } = await queries.run('daily_demand', { as_of, history_days: 28 });
        const expected = ['a', 'b', 'é'].flatMap((product_id) => {
          const own = sales.filter((one) => one.product_id === product_id && one.index <= 0);
          const first = Math.max(-27, Math.min(...own.map(({ index }) => index)));
          return own.length === 0
            ? []
            : Array.from({ length: 1 - first }, (_, offset) => ({
                product_id,
                day: dayOf(first + offset),
                units: own.find(({ index }) => index === first + offset)?.units ?? 0,
              }));
        });
        expect(datasets.demand).toEqual(expected);
      },
    ),
    { numRuns: sized(10, 200) },
  );
});

const product = fc.record({
  stock_on_hand: fc.integer({ min: 0, max: 80 }),
  on_order: fc.constantFrom(0, 0, 12),
  lead_days: fc.integer({ min: 1, max: 4 }),
  pack_size: fc.constantFrom(1, 6, 24),
  unit_cost: fc.integer({ min: 1, max: 99_999 }).map((cents) => new Big(cents).div(100).toFixed(2)),
  // Halves have no rounding in binary, so that a sum is exactly at an edge now and then.
  expected: fc.array(
    fc.integer({ min: 0, max: 24 }).map((halves) => halves / 2),
    { minLength: 6, maxLength: 6 },
  ),
  deviation: fc.constantFrom(0, 1, 4),
});

test('orders equal a calculation product by product', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(product, { minLength: 1, maxLength: 8 }), async (products) => {
      const named = products.map((one, index) => ({ ...item(`p${index}`), ...one, protection: one.lead_days + 2 }));
      const stock = named.map(({ expected: _, deviation: __, protection: ___, ...columns }) => columns);
      await queries.define('extract_stock.stock', stockColumns, stock);
      const forecasts = named.flatMap(({ product_id, expected }) =>
        expected.map((units, index) => ({ product_id, day: dayOf(index + 1), ahead: index + 1, expected: units })),
      );
      await queries.define('forecast_demand.forecasts', forecastColumns, forecasts);
      const accuracy = named.map(({ product_id, protection, deviation }) => ({
        product_id,
        protection_days: protection,
        protection_deviation: deviation,
      }));
      await queries.define(
        'forecast_demand.accuracy',
        accuracyColumns,
        accuracy.map((row) => ({ ...nothing, ...row })),
      );
      const { datasets, result } = await queries.run('plan_orders', { as_of });
      const expected = named.map((one) => {
        const sum = one.expected.slice(0, one.protection).reduce((total, units) => total + units, 0);
        const level = Math.ceil(sum + 1.645 * one.deviation);
        let packs = 0;
        while (one.stock_on_hand + one.on_order + packs * one.pack_size < level) packs += 1;
        let lasts = 0;
        for (let left = one.stock_on_hand; lasts < one.expected.length; lasts += 1) {
          left -= one.expected[lasts] ?? 0;
          if (left < 0) break;
        }
        return {
          product_id: one.product_id,
          order_up_to: level,
          quantity: packs * one.pack_size,
          cost: new Big(one.unit_cost).times(packs * one.pack_size).toFixed(2),
          days_left: lasts,
          runs_out: lasts < one.lead_days && one.on_order === 0,
        };
      });
      expect(datasets.orders).toMatchObject(expected);
      expect(new Big(String(result.cost)).toFixed(2)).toBe(
        expected.reduce((total, { cost }) => total.plus(cost), new Big(0)).toFixed(2),
      );
      expect(result.to_order).toBe(expected.filter(({ quantity }) => quantity > 0).length);
    }),
    { numRuns: sized(10, 200) },
  );
});

const nothing = { error: 0, naive_error: 0, demand: 0, day_deviation: 0, alpha: 0, beta: 0, gamma: 0, phi: 0 };

slowTest('the level to order up to covers about 95% of the demand that really comes', () => {
  let covered = 0;
  let all = 0;
  for (let seed = 1; seed <= 12; seed += 1) {
    for (const values of generatedDemand(728 + 14, seed).units.values()) {
      const known = values.slice(0, 728);
      const { protectionDeviation } = backTest(known, { horizon: 21, origins: 26, protection: 14 });
      const expected = forecastNext(known, 14).expected.reduce((sum, one) => sum + one, 0);
      const came = values.slice(728).reduce((sum, one) => sum + one, 0);
      if (came <= Math.ceil(expected + 1.645 * protectionDeviation)) covered += 1;
      all += 1;
    }
  }
  expect(all).toBe(288);
  expect(covered / all).toBeGreaterThan(0.9);
  expect(covered / all).toBeLessThan(0.99);
});
