import { expect, test } from 'vitest';
import type { ExecutionEnd } from '../../../lib/contract/records/execution.ts';
import type { Outcome } from '../../../lib/contract/records/outcome.ts';
import { measureRun } from '../../../lib/runtime/execution/measure-run.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 1, 0, 0) + second * 1000).toISOString();
const outcome = (step: string, from: number | null, to: number, facts: Partial<Outcome> = {}): Outcome =>
  ({
    step,
    outcome: 'succeeded',
    attempts: from === null ? 0 : 1,
    started_at: from === null ? null : at(from),
    ended_at: at(to),
    ...facts,
  }) as Outcome;
const made = (rows: number, bytes: number) =>
  ({ made: { datasets: { one: { rows, bytes } }, files: {}, result: {} } }) as unknown as Partial<Outcome>;
const end = { status: 'FAILED', ended_at: at(60) } as ExecutionEnd;
const steps = [
  { name: 'orders' },
  { name: 'users' },
  { name: 'join', dependencies: ['orders', 'users'] },
  { name: 'report', dependencies: ['join'] },
];

test('a run sums what its steps did; a step waits from its last dependency, or from the start of the run', () => {
  const outcomes = [
    outcome('orders', 2, 10, made(5, 50)),
    outcome('users', 1, 20, { attempts: 3, ...made(2, 20) }),
    outcome('join', 23, 30, { outcome: 'failed', attempts: 2 }),
    outcome('report', null, 31, { outcome: 'blocked' }),
  ];
  const { sizes, steps: own } = measureRun({ started_at: at(0) }, { end, outcomes, steps });
  expect(sizes).toEqual({ seconds: 60, rows: 7, bytes: 70, attempts: 6, retries: 3, wait_seconds: 6 });
  expect([...own.keys()].sort()).toEqual(['join', 'orders', 'users']);
  expect(own.get('join')).toEqual({ seconds: 7, rows: 0, bytes: 0, attempts: 2, retries: 1, wait_seconds: 3 });
});

test('steps whose outcomes were not read are measured by the spans behind them', () => {
  const span = (from: number, to: number) => [Date.parse(at(from)), Date.parse(at(to)), 1, 4, 40] as const;
  const last = outcome('report', 12, 15, {
    spans: { orders: span(1, 5), users: span(1, 6), join: span(8, 10), report: span(12, 15) },
  });
  const implied = ['orders', 'users', 'join'].map(
    (step) => ({ step, outcome: 'succeeded', causes: [], failure: null }) as const,
  );
  const { sizes } = measureRun({ started_at: at(0) }, { end, outcomes: [...implied, last], steps });
  expect(sizes).toEqual({ seconds: 60, rows: 16, bytes: 160, attempts: 4, retries: 0, wait_seconds: 6 });
});

test('a step that reused its result holds no one up, and clocks that differ give no negative time', () => {
  const outcomes = [outcome('orders', null, 1, { outcome: 'reused' }), outcome('users', 1, 4), outcome('join', 3, 2)];
  const { steps: own } = measureRun({ started_at: at(0) }, { end, outcomes, steps });
  expect(own.get('join')).toMatchObject({ seconds: 0, wait_seconds: 0 });
  expect(own.has('orders')).toBe(false);
});
