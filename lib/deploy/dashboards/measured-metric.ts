import { MathExpression, Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import { type MetricRow, namespace } from '../../metrics/metric-table.ts';

/** The deployed pipeline that reports a metric. */
export interface MeasuredPipeline {
  /** The name of the store, as the metrics have it. */
  readonly store: string;
  readonly pipeline: string;
}

/** A run a night gives one value a day; the age of the data has one an hour. */
const periodOf = ({ by }: MetricRow): Duration => (by === 'each end of a run' ? Duration.days(1) : Duration.hours(1));

/** Returns a metric of a pipeline's runs. */
export function measuredMetric(
  row: MetricRow,
  { store, pipeline }: MeasuredPipeline,
  options: MetricOptions = {},
): Metric {
  return new Metric({
    namespace,
    metricName: row.name,
    statistic: row.statistic,
    period: periodOf(row),
    dimensionsMap: { Store: store, Pipeline: pipeline },
    ...options,
  });
}

/** Finds a metric of every pipeline of a store, or of every step of one pipeline, also of those that are deployed later. */
export function foundMetrics(
  row: MetricRow,
  { store, pipeline }: { readonly store: string; readonly pipeline: string | null },
): MathExpression {
  const dimensions = pipeline === null ? 'Pipeline,Store' : 'Pipeline,Step,Store';
  const wanted = [
    `Store="${store}"`,
    ...(pipeline === null ? [] : [`Pipeline="${pipeline}"`]),
    `MetricName="${row.name}"`,
  ];
  const period = periodOf(row);
  return new MathExpression({
    expression: `SEARCH('{${namespace},${dimensions}} ${wanted.join(' ')}', '${row.statistic}', ${period.toSeconds()})`,
    usingMetrics: {},
    label: pipeline === null ? "${PROP('Dim.Pipeline')}" : "${PROP('Dim.Step')}",
    period,
  });
}
