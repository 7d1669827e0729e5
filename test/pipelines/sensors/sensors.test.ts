import Big from 'big.js';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readingColumns } from '../../../lambdas/steps/sensor_aggregation/extract-readings.ts';
import { sensorColumns } from '../../../lambdas/steps/sensor_aggregation/extract-sensors.ts';
import { stepTest } from '../../../lib/testing/index.ts';
import { generatedReadings, type Reading } from '../../../pipelines/stand-ins/sensors/generated-readings.ts';
import { sized, slowTest } from '../../support/sized.ts';
import { PipelineQueries } from '../pipeline-queries.ts';

const day = '2026-03-31';
const partition = { start: '2026-03-31T00:00:00Z', end: '2026-04-01T00:00:00Z' };
const midnight = Date.parse(day);
const quarter = 900_000;

let queries: PipelineQueries;
beforeAll(async () => {
  queries = await PipelineQueries.open('pipelines/sensor_aggregation.yaml');
});
afterAll(() => queries?.close());

const define = async (sensors: readonly object[], readings: readonly Reading[], later: readonly Reading[]) => {
  await queries.define('extract_sensors.sensors', sensorColumns, sensors);
  await queries.define('extract_readings.readings', readingColumns, readings);
  await queries.define('extract_readings.later_readings', readingColumns, later);
};
const run = (step: string) => queries.run(step, { day }, {}, partition);
const isoOf = (moment: unknown): string => new Date(`${String(moment).replace(' ', 'T')}Z`).toISOString();

test('every planted anomaly is found with its times, nothing else is, and every reading has its verdict', async () => {
  // The threshold was chosen on days 1 to 40, so others judge it.
  for (let seed = 101; seed <= sized(101, 140); seed += 1) {
    const { sensors, arrivals, anomalies, counts } = generatedReadings(day, seed);
    const half = arrivals.length >> 1;
    await define(sensors, arrivals.slice(0, half), arrivals.slice(half));
    const { result: verdicts } = await run('clean_readings');
    const { good, duplicates, clock_ahead, implausible } = counts;
    expect(verdicts, `seed ${seed}`).toMatchObject({ good, duplicates, clock_ahead, implausible });
    expect((await run('aggregate')).result).toMatchObject({ readings: good, expected: 12 * 24 * 60 });
    const found = (await run('find_anomalies')).datasets.anomalies ?? [];
    const lines = found.map(({ sensor_id, kind, begins, ends }) =>
      [sensor_id, kind, isoOf(begins), isoOf(ends)].join(' '),
    );
    expect(lines.sort(), `seed ${seed}`).toEqual(anomalies);
  }
});

const sensors = ['a', 'é', 'quiet'].map((sensor_id, index) => ({
  sensor_id,
  name: sensor_id,
  unit: 'K',
  interval_seconds: [60, 300, 900][index],
  lowest: -100,
  highest: 100,
}));

const arrival = fc
  .record({
    sensor_id: fc.constantFrom('a', 'é'),
    sequence: fc.integer({ min: 0, max: 6 }),
    // Near both ends of the day, at edges of quarter-hours, and outside of the day.
    measured: fc.oneof(
      fc.constantFrom(-1, 0, 899_999, quarter, 24 * 3_600_000 - 1, 24 * 3_600_000),
      fc.integer({ min: -quarter, max: 3 * quarter }),
    ),
    delay: fc.constantFrom(0, 5_000, quarter, 2 * quarter, 2 * quarter + 1, 20 * 3_600_000, -300_000, -300_001),
    value: fc.oneof(
      fc.constantFrom(-100, 100, 100.001, 0.1, 0.2, 0.3),
      fc.integer({ min: -99_999, max: 99_999 }).map((one) => one / 1_000),
    ),
  })
  .map(({ measured, delay, ...reading }) => ({
    ...reading,
    measured_at: new Date(midnight + measured).toISOString(),
    received_at: new Date(midnight + measured + delay).toISOString(),
  }));

/** Windows with readings, without SQL. The mean is the nearest double of an exact one with 40 digits. */
const windowsByHand = (arrivals: readonly Reading[]) => {
  const inDay = arrivals.filter(({ measured_at }) => {
    const at = Date.parse(measured_at);
    return at >= Date.parse(partition.start) && at < Date.parse(partition.end);
  });
  const good = inDay.filter(
    ({ value, measured_at, received_at }) =>
      Math.abs(value) <= 100 && Date.parse(measured_at) <= Date.parse(received_at) + 300_000,
  );
  const order = (a: Reading, b: Reading): number =>
    Date.parse(a.received_at) - Date.parse(b.received_at) ||
    Date.parse(a.measured_at) - Date.parse(b.measured_at) ||
    a.value - b.value;
  const firsts = [...Map.groupBy(good, ({ sensor_id, sequence }) => `${sensor_id} ${sequence}`).values()].map(
    (copies) => [...copies].sort(order)[0] as Reading,
  );
  const windows = Map.groupBy(firsts, ({ sensor_id, measured_at }) => {
    const begins = Math.floor(Date.parse(measured_at) / quarter) * quarter;
    return `${sensor_id} ${new Date(begins).toISOString()}`;
  });
  return [...windows]
    .map(([window, readings]) => {
      const begins = Date.parse(window.split(' ')[1] ?? '');
      const values = readings.map(({ value }) => value);
      return {
        window,
        readings: readings.length,
        late: readings.filter(({ received_at }) => Date.parse(received_at) > begins + 2 * quarter).length,
        mean: Number(values.reduce((sum, value) => sum.plus(value), new Big(0)).toFixed()) / values.length,
        least: Math.min(...values),
        most: Math.max(...values),
      };
    })
    .sort((a, b) => Buffer.compare(Buffer.from(a.window), Buffer.from(b.window)));
};

test('windows equal a calculation without SQL, to the last bit, in any order of arrival', async () => {
  Big.DP = 40;
  await fc.assert(
    fc.asyncProperty(
      fc.array(arrival, { maxLength: 30 }).chain((arrivals) =>
        fc.record({
          arrivals: fc.constant(arrivals),
          shuffled: fc.shuffledSubarray(arrivals, { minLength: arrivals.length }),
          cut: fc.integer({ min: 0, max: arrivals.length }),
        }),
      ),
      async ({ arrivals, shuffled, cut }) => {
        const windows = async (): Promise<readonly Record<string, unknown>[]> => {
          await run('clean_readings');
          return (await run('aggregate')).datasets.windows ?? [];
        };
        await define(sensors, arrivals, []);
        const first = await windows();
        expect(first).toHaveLength(3 * 96);
        const full = first.filter(({ readings }) => readings !== 0);
        expect(
          full.map(({ sensor_id, begins, readings, late, mean, least, most }) => ({
            window: `${sensor_id} ${isoOf(begins)}`,
            readings,
            late,
            mean,
            least,
            most,
          })),
        ).toEqual(windowsByHand(arrivals));
        await define(sensors, shuffled.slice(0, cut), shuffled.slice(cut));
        expect(await windows()).toEqual(first);
      },
    ),
    { numRuns: sized(6, 150) },
  );
});

slowTest('a day is read from the files of its hours, and from those of the next day that exist', async () => {
  const line = (sequence: number): string =>
    `${JSON.stringify({ sensor_id: 'a', sequence, measured_at: `${day}T10:00:00Z`, received_at: `${day}T10:00:01Z`, value: 1 })}\n`;
  const read = async (sources: Readonly<Record<string, string>>) => {
    const columns = { sensor_id: 'VARCHAR' };
    const upstream = { extract_sensors: { datasets: { sensors: { columns, rows: [{ sensor_id: 'a' }] } } } };
    const { rows } = await stepTest('sensor_aggregation.extract_readings', { input: { day }, upstream, sources });
    const numbers = (dataset: string) => rows(dataset).map((row) => (row as { sequence?: unknown }).sequence);
    return [numbers('readings'), numbers('later_readings'), rows('readings_rejected').length];
  };
  const hours = {
    'sources/readings/2026-03-30T23.ndjson': line(1),
    'sources/readings/2026-03-31T10.ndjson': `${line(2)}no reading\n`,
    'sources/readings/2026-03-31T11.ndjson': Array.from({ length: 200 }, (_, index) => line(3 + index)).join(''),
  };
  const own = Array.from({ length: 201 }, (_, index) => 2 + index);
  expect(await read(hours)).toEqual([own, [], 1]);
  expect(await read({ ...hours, 'sources/readings/2026-04-01T00.ndjson': line(900) })).toEqual([own, [900], 1]);
});
