import { endRows, freshnessRow, type MetricRow, onTimeRow, sizeRows } from '../metric-table.ts';

/** A chart of a dashboard. */
export interface ChartRow {
  readonly title: string;
  readonly rows: readonly MetricRow[];
  /** True if the values add up to something: bars on top of each other. */
  readonly stacked: boolean;
}

/** The charts of every dashboard, in CloudWatch and in Grafana. Each metric stands in one. */
export const chartRows: readonly ChartRow[] = [
  { title: 'Runs by their end', rows: Object.values(endRows), stacked: true },
  { title: 'Age of the last good data', rows: [freshnessRow], stacked: false },
  { title: 'Deadlines met in 30 days', rows: [onTimeRow], stacked: false },
  { title: 'Duration of a run', rows: [sizeRows.seconds], stacked: false },
  { title: 'Rows', rows: [sizeRows.rows], stacked: false },
  { title: 'Stored bytes', rows: [sizeRows.bytes], stacked: false },
  { title: 'Attempts and retries', rows: [sizeRows.attempts, sizeRows.retries], stacked: false },
  { title: 'Waiting time of steps', rows: [sizeRows.wait_seconds], stacked: false },
];
