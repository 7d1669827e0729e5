import { describe, expect, test } from 'vitest';
import type { RunSummary } from '../../../lib/contract/records/history.ts';
import { estimateRun } from '../../../lib/operate/estimate/estimate-run.ts';
import { calibration, stateAt } from './calibration.ts';
import { dependencies, simulateRuns } from './simulated-runs.ts';

describe('the estimate of a run', () => {
  test('has the true end in its range in 75 to 90 % of the looks', () => {
    const share = calibration(40, { progress: false, seed: 7 });
    expect(share).toBeGreaterThanOrEqual(75);
    expect(share).toBeLessThanOrEqual(90);
  });

  test('does not exist without three earlier runs, and names the steps that lack them', () => {
    const [first, second, run] = simulateRuns(3, 1) as [RunSummary, RunSummary, RunSummary];
    const state = stateAt(run, Date.parse(run.started_at) + 1_000);
    const estimate = estimateRun(state, [second, first]);
    expect(estimate).toMatchObject({ runs: 2, end: null, heldUpBy: null, steps: {} });
    expect(estimate.unknown).toEqual(Object.keys(dependencies));
  });

  test('starts a step when its last dependency ends, and names the step that holds the run up', () => {
    const span = (from: number, to: number) => [from * 1_000, to * 1_000, 1, 0, 0] as const;
    const at = (seconds: number) => new Date(seconds * 1_000).toISOString();
    const before: RunSummary = {
      run_id: 'r',
      execution: 1,
      status: 'SUCCEEDED',
      started_at: at(0),
      ended_at: at(160),
      steps: { slow: span(0, 100), quick: span(0, 10), join: span(100, 150) },
    };
    const step = (name: string, dependencies: readonly string[] = []) => ({
      name,
      dependencies,
      state: dependencies.length > 0 ? ('pending' as const) : ('running' as const),
      startedAt: dependencies.length > 0 ? null : 1_000_000,
      endedAt: null,
      worked: false,
      progress: null,
      expectedMs: null,
    });
    const state = {
      startedAt: 1_000_000,
      now: 1_005_000,
      expectedMs: null,
      steps: [step('join', ['slow', 'quick']), step('quick'), step('slow')],
    };
    const history = [before, { ...before, run_id: 'q' }, { ...before, run_id: 'p' }];
    const { end, steps, heldUpBy } = estimateRun(state, history);
    const whole = ({ from, to }: { readonly from: number; readonly to: number }) => [Math.round(from), Math.round(to)];
    expect(whole(steps.slow as never)).toEqual([1_100_000, 1_100_000]);
    expect(whole(steps.quick as never)).toEqual([1_010_000, 1_010_000]);
    expect(whole(steps.join as never)).toEqual([1_150_000, 1_150_000]);
    expect(whole(end as never)).toEqual([1_160_000, 1_160_000]);
    expect(heldUpBy).toBe('slow');
  });

  test('of a step that takes longer than ever lies in the future', () => {
    const runs = simulateRuns(31, 3);
    const run = runs[30] as RunSummary;
    const now = Date.parse(run.started_at) + 3_600_000;
    const state = stateAt(run, Date.parse(run.started_at) + 5_000);
    const { steps } = estimateRun({ ...state, now }, runs.slice(0, 30));
    expect(steps.extract_orders?.from).toBeGreaterThan(now);
  });

  test('is the same at each look at the same moment', () => {
    const runs = simulateRuns(31, 5);
    const run = runs[30] as RunSummary;
    const state = stateAt(run, Date.parse(run.started_at) + 300_000);
    expect(estimateRun(state, runs.slice(0, 30))).toEqual(estimateRun(state, runs.slice(0, 30)));
  });
});
