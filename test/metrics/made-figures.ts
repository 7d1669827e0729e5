import type { RunTotals } from '../../lib/contract/records/history.ts';
import type { PipelineFigures } from '../../lib/metrics/pipeline-figures.ts';

/** Sums of seven runs, of which the latest failed after the last success. */
export const madeTotals: RunTotals = {
  since: '2026-01-01T01:00:00.000Z',
  ends: { SUCCEEDED: 4, FAILED: 2, TIMED_OUT: 1, ABORTED: 0 },
  sizes: { seconds: 70.5, rows: 700, bytes: 7_000, attempts: 21, retries: 3, wait_seconds: 1.25 },
  last: {
    status: 'FAILED',
    ended_at: '2026-01-07T01:00:10.000Z',
    seconds: 10,
    rows: 100,
    bytes: 1_000,
    attempts: 3,
    retries: 1,
    wait_seconds: 0.5,
  },
  succeeded_at: '2026-01-06T01:00:00.000Z',
  counted: [],
  forgotten_until: null,
};

/** The figures of a pipeline with these steps. */
export function madeFigures(
  pipeline: string,
  steps: readonly string[],
  totals: RunTotals | null = madeTotals,
): PipelineFigures {
  const one = { seconds: 2.5, rows: 9, bytes: 90, attempts: 2, retries: 1 };
  return {
    pipeline,
    totals,
    steps: new Map(steps.map((step) => [step, one])),
    expectedWithin: 100_800,
    onTime: totals && { met: 9, of: 10 },
  };
}
