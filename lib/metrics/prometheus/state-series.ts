import type { PipelineFigures } from '../pipeline-figures.ts';

/** A gauge that only Prometheus has: CloudWatch's alarms have other sources. */
export interface StateSeries {
  readonly name: string;
  readonly means: string;
  /** Null where there is nothing to report. */
  readonly value: (figures: PipelineFigures) => number | null;
}

const seconds = (moment: string): number => Date.parse(moment) / 1000;

/** The state of a pipeline, for alerting rules. */
export const stateSeries = {
  lastEnd: {
    name: 'daybreak_last_run_timestamp_seconds',
    means: 'The end of the latest run.',
    value: ({ totals }) => totals && seconds(totals.last.ended_at),
  },
  lastSuccess: {
    name: 'daybreak_last_success_timestamp_seconds',
    means: 'The end of the latest run that succeeded.',
    value: ({ totals }) => (totals?.succeeded_at ? seconds(totals.succeeded_at) : null),
  },
  lastFailed: {
    name: 'daybreak_last_run_failed',
    means: '1 if the latest run failed or timed out, else 0; a run that a person stopped has not failed.',
    value: ({ totals }) => totals && Number(['FAILED', 'TIMED_OUT'].includes(totals.last.status)),
  },
  expectedWithin: {
    name: 'daybreak_success_expected_within_seconds',
    means:
      'A run should succeed this often: by the schedule and the time that a run may take. Absent without a schedule.',
    value: ({ expectedWithin }) => expectedWithin,
  },
} as const satisfies Readonly<Record<string, StateSeries>>;
