import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunTotals } from '../../../lib/contract/records/history.ts';
import { countRun } from '../../../lib/runtime/execution/count-run.ts';

const statuses = ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;
const start = Date.UTC(2026, 0, 1);
const hour = 3_600_000;

interface Report {
  readonly id: string;
  readonly status: (typeof statuses)[number];
  readonly at: number;
  readonly rows: number;
}

const report = ({ id, status, at, rows }: Report, totals?: RunTotals): RunTotals | undefined => {
  const sizes = { seconds: 0.1, rows, bytes: 0, attempts: 1, retries: 0, wait_seconds: 0 };
  const end = { status, ended_at: new Date(at).toISOString(), sizes };
  return countRun(totals, { run_id: id, execution: 1 }, end) ?? totals;
};

test('executions that are reported in any order within two days, and any number of times, count once each', () => {
  const execution = fc.record({
    status: fc.constantFrom(...statuses),
    hours: fc.integer({ min: 0, max: 400 }),
    rows: fc.integer({ min: 0, max: 1_000_000 }),
    // Each is reported up to three times, until two days later.
    delays: fc.array(fc.integer({ min: 0, max: 48 }), { minLength: 1, maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(execution, { minLength: 1, maxLength: 60 }), (executions) => {
      const made = executions.map((one, number) => ({ ...one, id: `r${number}`, at: start + one.hours * hour }));
      const reports = made.flatMap((one) => one.delays.map((delay) => ({ one, when: one.hours + delay })));
      const totals = reports
        .sort((a, b) => a.when - b.when)
        .reduce<RunTotals | undefined>((sums, { one }) => report(one, sums), undefined);
      const ends = Object.fromEntries(
        statuses.map((status) => [status, made.filter((one) => one.status === status).length]),
      );
      expect(totals?.ends).toEqual(ends);
      expect(totals?.sizes.rows).toBe(made.reduce((sum, { rows }) => sum + rows, 0));
      // Tenths are added 60 times without a drift.
      expect(totals?.sizes.seconds).toBe(made.length / 10);
      const successes = made.filter(({ status }) => status === 'SUCCEEDED').map(({ at }) => at);
      const last = successes.length > 0 ? new Date(Math.max(...successes)).toISOString() : null;
      expect(totals?.succeeded_at).toBe(last);
      expect(Date.parse(totals?.last.ended_at ?? '')).toBe(Math.max(...made.map(({ at }) => at)));
    }),
  );
});

test('a pipeline that runs every minute keeps at most 1,000 names, and counts none of them twice', () => {
  let totals: RunTotals | undefined;
  const made = Array.from(
    { length: 1_100 },
    (_, number): Report => ({ id: `r${number}`, status: 'FAILED', at: start + number * 60_000, rows: 1 }),
  );
  for (const one of made) totals = report(one, totals);
  for (const one of made.filter((_, number) => number % 20 === 0)) totals = report(one, totals);
  expect(totals?.ends.FAILED).toBe(1_100);
  expect(totals?.counted).toHaveLength(1_000);
});
