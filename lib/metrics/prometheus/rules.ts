import { endRows, freshnessRow, onTimeRow, sizeRows } from '../metric-table.ts';
import { stateSeries } from './state-series.ts';

interface Recording {
  readonly record: string;
  readonly expr: string;
}

interface Alerting {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

/** A rule file of Prometheus. */
export interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly (Recording | Alerting)[] }[];
}

const runs = endRows.SUCCEEDED.prometheus.total;
const succeeded = `${runs}{end="${endRows.SUCCEEDED.prometheus.labels.end}"}`;

/** The rules for all pipelines. An alert here is for a person: one for a failed run until one succeeds, one for data that is too old, and one for figures that no one reports. */
export function prometheusRules(): RuleFile {
  const increases = Object.values(sizeRows).map(({ prometheus: { total } }) => ({
    record: `pipeline:${total}:increase1d`,
    expr: `sum by (pipeline) (increase(${total}[1d]))`,
  }));
  const recordings: Recording[] = [
    { record: `pipeline_end:${runs}:increase1d`, expr: `sum by (pipeline, end) (increase(${runs}[1d]))` },
    ...increases,
    {
      record: 'pipeline:daybreak_runs_succeeded:ratio30d',
      expr: `sum by (pipeline) (increase(${succeeded}[30d])) / (sum by (pipeline) (increase(${runs}[30d])) > 0)`,
    },
  ];
  return {
    groups: [
      { name: 'daybreak-recordings', rules: recordings },
      { name: 'daybreak-alerts', rules: alerts() },
    ],
  };
}

function alerts(): Alerting[] {
  const { lastFailed, lastEnd, lastSuccess, expectedWithin } = stateSeries;
  return [
    {
      alert: 'DaybreakRunFailed',
      expr: `${lastFailed.name} == 1`,
      for: '0m',
      labels: { severity: 'high' },
      annotations: {
        summary: 'The latest run of {{ $labels.pipeline }} failed',
        description:
          'npx daybreak status {{ $labels.pipeline }} shows the failed steps, and npx daybreak dlq list {{ $labels.pipeline }} the command that resumes. The alert ends with the next run that succeeds.',
      },
    },
    {
      alert: 'DaybreakDataTooOld',
      expr: `(time() - ${lastSuccess.name}) > on (pipeline) ${expectedWithin.name} unless on (pipeline) ${lastFailed.name} == 1`,
      for: '5m',
      labels: { severity: 'high' },
      annotations: {
        summary: 'The data of {{ $labels.pipeline }} is {{ $value | humanizeDuration }} old',
        description:
          'No run has succeeded for longer than the schedule allows, and none has failed: it still runs, or it never began. Look at the schedule, and at npx daybreak status {{ $labels.pipeline }}.',
      },
    },
    {
      alert: 'DaybreakFiguresMissing',
      expr: `absent(${lastEnd.name})`,
      for: '1h',
      labels: { severity: 'medium' },
      annotations: {
        summary: 'No figures of any pipeline have arrived for an hour',
        description:
          'The exporter (npx daybreak metrics --serve) does not answer, cannot read the store, or no pipeline has run yet. While this holds, the other alerts cannot fire.',
      },
    },
  ];
}

/** The series that the rules and dashboards read, for a check that each one is exposed. */
export const exposedNames: readonly string[] = [
  runs,
  ...Object.values(sizeRows).flatMap(({ prometheus: { total, last, step } }) =>
    [total, last, step].filter((name) => name !== null),
  ),
  freshnessRow.prometheus.last,
  onTimeRow.prometheus.last,
  ...Object.values(stateSeries).map(({ name }) => name),
];
