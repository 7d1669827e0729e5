import { Dashboard, GraphWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { metricRows } from '../../metrics/metric-table.ts';
import { foundMetrics } from './measured-metric.ts';
import { inRows, shownTime, third } from './pipeline-dashboard.ts';

/** Makes the dashboard of all pipelines of a store: one chart per metric, with a line for each pipeline that reports it. */
export function overviewDashboard(
  scope: Construct,
  id: string,
  { name, store }: { readonly name: string; readonly store: string },
): Dashboard {
  const charts = metricRows.map(
    (row) => new GraphWidget({ ...third, title: row.name, left: [foundMetrics(row, { store, pipeline: null })] }),
  );
  return new Dashboard(scope, id, { dashboardName: name, defaultInterval: shownTime, widgets: inRows(charts) });
}
