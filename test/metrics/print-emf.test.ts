import { Ajv } from 'ajv';
import { expect, test, vi } from 'vitest';
import { type EndedRun, freshnessValues, onTimeValues, valuesOfRun } from '../../lib/metrics/measured-values.ts';
import { type MetricLevel, mostCustomMetrics } from '../../lib/metrics/metric-table.ts';
import { printEmf } from '../../lib/metrics/print-emf.ts';
import { emfSchema } from './emf-schema.ts';

const isEmf = new Ajv().compile(emfSchema);

const sizes = { seconds: 12.5, rows: 7, bytes: 70, attempts: 3, retries: 1, wait_seconds: 0.25 };
const ended = (steps: readonly string[], status: EndedRun['status'] = 'SUCCEEDED'): EndedRun => ({
  pipeline: 'sales',
  status,
  ended_at: '2026-01-01T01:00:12.500Z',
  sizes,
  steps: new Map(steps.map((step) => [step, sizes])),
});

/** The lines that a report prints, each checked against the schema. */
async function printed(measured: Parameters<typeof printEmf>[0]) {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await printEmf(measured, 'daybreak-shared');
    return write.mock.calls.map(([line]) => {
      const document = JSON.parse(String(line));
      expect(isEmf(document), JSON.stringify(isEmf.errors)).toBe(true);
      return document;
    });
  } finally {
    write.mockRestore();
  }
}

/** The custom metrics that CloudWatch makes of lines: one per name and set of dimensions. */
const metricsOf = (lines: Awaited<ReturnType<typeof printed>>): Set<string> =>
  new Set(
    lines.flatMap((line) =>
      line._aws.CloudWatchMetrics.flatMap(
        ({
          Namespace,
          Dimensions,
          Metrics,
        }: {
          Namespace: string;
          Dimensions: string[][];
          Metrics: { Name: string }[];
        }) =>
          Dimensions.flatMap((set) =>
            Metrics.map(({ Name }) => JSON.stringify([Namespace, Name, set.map((name) => [name, line[name]])])),
          ),
      ),
    ),
  );

test('an ended run prints one line, with its store and pipeline as the dimensions', async () => {
  const lines = await printed(valuesOfRun(ended(['extract']), 'pipeline'));
  expect(lines).toEqual([
    {
      _aws: {
        Timestamp: Date.UTC(2026, 0, 1, 1, 0, 12, 500),
        CloudWatchMetrics: [
          {
            Namespace: 'Daybreak',
            Dimensions: [['Store', 'Pipeline']],
            Metrics: [
              { Name: 'RunsSucceeded', Unit: 'Count' },
              { Name: 'Duration', Unit: 'Seconds' },
              { Name: 'Rows', Unit: 'Count' },
              { Name: 'Bytes', Unit: 'Bytes' },
              { Name: 'Attempts', Unit: 'Count' },
              { Name: 'Retries', Unit: 'Count' },
              { Name: 'WaitTime', Unit: 'Seconds' },
            ],
          },
        ],
      },
      Store: 'daybreak-shared',
      Pipeline: 'sales',
      RunsSucceeded: 1,
      Duration: 12.5,
      Rows: 7,
      Bytes: 70,
      Attempts: 3,
      Retries: 1,
      WaitTime: 0.25,
    },
  ]);
});

test('with steps, each step has a line, of any name', async () => {
  const names = ['extract', '__proto__', 'Duration', 'a"b\n{}'];
  const lines = await printed(valuesOfRun(ended(names), 'steps'));
  expect(lines.map(({ Step }) => Step)).toEqual([undefined, ...names]);
  expect(lines[2]).toMatchObject({ Pipeline: 'sales', Rows: 7 });
});

test('the age of the data is that of the latest success, and none is reported before the first', async () => {
  const now = Date.UTC(2026, 0, 2);
  expect(await printed(freshnessValues('sales', null, now))).toEqual([]);
  const [line] = await printed(freshnessValues('sales', '2026-01-01T00:00:00.000Z', now));
  expect(line).toMatchObject({ Pipeline: 'sales', Freshness: 86_400 });
});

test.each([
  ['none', 0],
  ['pipeline', 12],
  // 12 of the pipeline, and 6 of each of its 8 steps.
  ['steps', 60],
] as const)('level %s: any reports of 8 steps make %i custom metrics', async (level, most) => {
  const steps = Array.from({ length: 8 }, (_, number) => `step_${number}`);
  const ends = ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;
  const measured = ends.flatMap((status) => valuesOfRun(ended(steps, status), level as MetricLevel));
  const fresh = level === 'none' ? [] : freshnessValues('sales', '2026-01-01T00:00:00.000Z', Date.UTC(2026, 0, 2));
  const share = level === 'none' ? [] : onTimeValues('sales', 96.6, Date.UTC(2026, 0, 2));
  expect(metricsOf(await printed([...measured, ...fresh, ...share])).size).toBe(most);
  expect(mostCustomMetrics(8, level)).toBe(most);
});
