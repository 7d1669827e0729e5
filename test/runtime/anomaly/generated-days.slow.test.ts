/** The rates that docs/checks.md states, over many seeds of days with a known truth. */
import { expect, test } from 'vitest';
import { findAnomalies } from '../../../lib/runtime/anomaly/find-anomalies.ts';
import { dayOf, type Fault, randomOf, worlds } from './generated-days.ts';

const rule = { columns: null, measures: null, runs: 60, threshold: 5 };
/** docs/checks.md has the rates of 100 seeds; these are for a test of some seconds. */
const seeds = 20;

const faults: readonly (readonly [string, Fault, string])[] = [
  ['volume × 0.5', { volume: 0.5 }, 'row_count'],
  ['volume × 2', { volume: 2 }, 'row_count'],
  ['mean + 3 sigma', { shift: 3 }, 'mean'],
  ['nulls 1 % to 6 %', { nulls: 0.06 }, 'null_share'],
];

test('clean series of 60 days have an alarm in at most 3 of 100, and planted faults are found in more than 9 of 10', () => {
  const hits = new Map<string, { found: number; of: number }>();
  let alarmed = 0;
  for (const [index, world] of worlds.entries())
    for (let seed = 1; seed <= seeds; seed += 1) {
      const random = randomOf(seed * 7 + index);
      const history: ReturnType<typeof dayOf>[] = [];
      let alarms = 0;
      for (let day = 0; day < 60; day += 1) {
        const clean = dayOf(world, day, random);
        alarms += findAnomalies(clean, history, rule).anomalies.length;
        // With a month of history.
        for (const [name, fault, measure] of day < 28 || day % 4 > 0 ? [] : faults) {
          const found = findAnomalies(dayOf(world, day, random, fault), history, rule).anomalies;
          const hit = hits.get(name) ?? { found: 0, of: 0 };
          hits.set(name, { found: hit.found + (found.some((one) => one.measure === measure) ? 1 : 0), of: hit.of + 1 });
        }
        history.push(clean);
      }
      alarmed += alarms > 0 ? 1 : 0;
    }
  const rates = Object.fromEntries([...hits].map(([name, { found, of }]) => [name, found / of]));
  console.log(`series with a false alarm: ${alarmed} of ${worlds.length * seeds}; found: ${JSON.stringify(rates)}`);
  expect(alarmed / (worlds.length * seeds)).toBeLessThanOrEqual(0.03);
  for (const [name] of faults) expect([name, (rates[name] ?? 0) >= 0.9]).toEqual([name, true]);
});
