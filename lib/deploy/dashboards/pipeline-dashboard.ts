import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IWidget,
  type Metric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { chartRows } from '../../metrics/charts/chart-table.ts';
import { type MetricLevel, metricRows } from '../../metrics/metric-table.ts';
import { foundMetrics, type MeasuredPipeline, measuredMetric } from './measured-metric.ts';

/** CloudWatch's grid is 24 wide. */
export const third = { width: 8, height: 6 } as const;

/** Two weeks of nights. */
export const shownTime = Duration.days(14);

export interface PipelineDashboardProps extends MeasuredPipeline {
  /** The name of the dashboard. */
  readonly name: string;
  readonly level: MetricLevel;
  readonly alarms: readonly Alarm[];
  readonly deadLetters: Metric;
}

/** Makes the dashboard of one pipeline: its alarms, a chart per row of the table, and its dead letters; with metrics of steps one chart more for each of them. */
export function pipelineDashboard(scope: Construct, id: string, props: PipelineDashboardProps): Dashboard {
  const { name, level, alarms, deadLetters, store, pipeline } = props;
  const charts = chartRows.map(
    ({ title, rows, stacked }) =>
      new GraphWidget({ ...third, title, stacked, left: rows.map((row) => measuredMetric(row, props)) }),
  );
  const letters = new GraphWidget({ ...third, title: 'Dead letters in the queue', left: [deadLetters] });
  const ofSteps = metricRows
    .filter((row) => level === 'steps' && row.ofSteps)
    .map(
      (row) =>
        new GraphWidget({
          ...third,
          title: `${row.name} of each step`,
          left: [foundMetrics(row, { store, pipeline })],
        }),
    );
  return new Dashboard(scope, id, {
    dashboardName: name,
    defaultInterval: shownTime,
    widgets: [
      [new AlarmStatusWidget({ title: `Alarms of ${pipeline}`, width: 24, height: 3, alarms: [...alarms] })],
      ...inRows([...charts, letters, ...ofSteps]),
    ],
  });
}

/** Three charts beside each other. */
export function inRows(widgets: readonly IWidget[]): IWidget[][] {
  return Array.from({ length: Math.ceil(widgets.length / 3) }, (_, row) => widgets.slice(row * 3, row * 3 + 3));
}
