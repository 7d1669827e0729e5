/** All metrics of Daybreak, one row each. CloudWatch, Prometheus, dashboards, rules and docs/metrics.md are made of this table. */
import type { ExecutionEnd } from '../contract/records/execution.ts';
import type { RunSizes } from '../contract/records/history.ts';

/** The namespace in CloudWatch. */
export const namespace = 'Daybreak';

type MetricUnit = 'Count' | 'Seconds' | 'Bytes' | 'Percent';

/** The event that a metric is reported with. */
type ReportedBy = 'each end of a run' | 'the sweep, once an hour' | 'each look at a deadline';

export interface MetricRow {
  /** In CloudWatch. */
  readonly name: string;
  readonly unit: MetricUnit;
  /** One sentence for people. */
  readonly means: string;
  readonly by: ReportedBy;
  /** Charts put several values together with it. */
  readonly statistic: 'Sum' | 'Maximum';
  /** True if steps have it too, with the dimensions Pipeline and Step. */
  readonly ofSteps: boolean;
  /** Names in Prometheus: a counter over all runs, a gauge of the latest run, and one of each step's latest success. Null for those that it does not have. */
  readonly prometheus: {
    readonly total: string | null;
    /** Labels of the counter beside `pipeline`. */
    readonly labels: Readonly<Record<string, string>>;
    readonly last: string | null;
    readonly step: string | null;
  };
}

const endRow = (name: string, end: string, means: string) =>
  ({
    name,
    unit: 'Count',
    means,
    by: 'each end of a run',
    statistic: 'Sum',
    ofSteps: false,
    prometheus: { total: 'daybreak_runs_total', labels: { end }, last: null, step: null },
  }) as const satisfies MetricRow;

/** The ends of runs: one of these counts one for each execution that ends. */
export const endRows = {
  SUCCEEDED: endRow('RunsSucceeded', 'succeeded', 'Executions that succeeded.'),
  FAILED: endRow('RunsFailed', 'failed', 'Executions that failed.'),
  TIMED_OUT: endRow('RunsTimedOut', 'timed_out', 'Executions that `lifecycle.max_duration_minutes` ended.'),
  ABORTED: endRow('RunsStopped', 'stopped', 'Executions that a person or a program stopped.'),
} as const satisfies Readonly<Record<ExecutionEnd['status'], MetricRow>>;

interface SizeFacts extends Pick<MetricRow, 'name' | 'unit' | 'means' | 'statistic'> {
  /** The middle of its names in Prometheus. */
  readonly series: string;
  /** False where a step's own history does not have it. */
  readonly hasStep?: boolean;
}

const sizeRow = ({ series, hasStep = true, ...facts }: SizeFacts): MetricRow => ({
  ...facts,
  by: 'each end of a run',
  ofSteps: true,
  prometheus: {
    total: `daybreak_${series}_total`,
    labels: {},
    last: `daybreak_last_run_${series}`,
    step: hasStep ? `daybreak_last_step_${series}` : null,
  },
});

/** The sizes of a run and its steps. */
export const sizeRows = {
  seconds: sizeRow({
    name: 'Duration',
    unit: 'Seconds',
    means: 'From the start to the end; of a step from its first attempt to its last.',
    statistic: 'Maximum',
    series: 'duration_seconds',
  }),
  rows: sizeRow({
    name: 'Rows',
    unit: 'Count',
    means: 'Rows of the datasets that were made.',
    statistic: 'Sum',
    series: 'rows',
  }),
  bytes: sizeRow({
    name: 'Bytes',
    unit: 'Bytes',
    means: 'Stored bytes of these datasets.',
    statistic: 'Sum',
    series: 'bytes',
  }),
  attempts: sizeRow({
    name: 'Attempts',
    unit: 'Count',
    means: 'Attempts that began.',
    statistic: 'Sum',
    series: 'attempts',
  }),
  retries: sizeRow({
    name: 'Retries',
    unit: 'Count',
    means: 'Attempts that repeat one.',
    statistic: 'Sum',
    series: 'retries',
  }),
  wait_seconds: sizeRow({
    name: 'WaitTime',
    unit: 'Seconds',
    means:
      "From the end of a step's last dependency to the start of its handler: cold starts and throttles; of a run the sum over its steps.",
    statistic: 'Maximum',
    series: 'wait_seconds',
    hasStep: false,
  }),
} as const satisfies Readonly<Record<keyof RunSizes, MetricRow>>;

export const freshnessRow = {
  name: 'Freshness',
  unit: 'Seconds',
  means:
    'The age of the last good data: since the end of the latest run that succeeded. Absent before the first; CloudWatch has it for pipelines with a schedule.',
  by: 'the sweep, once an hour',
  statistic: 'Maximum',
  ofSteps: false,
  prometheus: { total: null, labels: {}, last: 'daybreak_freshness_seconds', step: null },
} as const satisfies MetricRow;

export const onTimeRow = {
  name: 'OnTime',
  unit: 'Percent',
  means:
    'Of the deadlines of the pipeline in the last 30 days, the share that was met. Absent without a deadline, and before the first has passed.',
  by: 'each look at a deadline',
  statistic: 'Maximum',
  ofSteps: false,
  prometheus: { total: null, labels: {}, last: 'daybreak_deadlines_met_ratio', step: null },
} as const satisfies MetricRow;

/** Every metric, in the order of docs/metrics.md. */
export const metricRows: readonly MetricRow[] = [
  ...Object.values(endRows),
  ...Object.values(sizeRows),
  freshnessRow,
  onTimeRow,
];

/** The settings for what a deployed pipeline reports to CloudWatch. */
export type MetricLevel = 'none' | 'pipeline' | 'steps';

/** The most custom metrics that a pipeline of n steps has in CloudWatch: what they cost depends on this number alone. */
export function mostCustomMetrics(steps: number, level: MetricLevel): number {
  if (level === 'none') return 0;
  return metricRows.length + (level === 'steps' ? steps * metricRows.filter(({ ofSteps }) => ofSteps).length : 0);
}
