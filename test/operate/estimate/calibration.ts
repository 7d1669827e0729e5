import type { RunSummary } from '../../../lib/contract/records/history.ts';
import type { RunState } from '../../../lib/operate/estimate/estimate.ts';
import { estimateRun } from '../../../lib/operate/estimate/estimate-run.ts';
import { dependencies, simulateRuns } from './simulated-runs.ts';

/** The state of a run at a moment, as its records show it. `progress`: running handlers report how far they are. */
export function stateAt({ started_at, steps }: RunSummary, now: number, progress = false): RunState {
  return {
    startedAt: Date.parse(started_at),
    now,
    expectedMs: null,
    steps: Object.entries(dependencies).map(([name, before]) => {
      const [started, ended] = steps[name] ?? [0, 0];
      const share = (now - started) / (ended - started);
      return {
        name,
        dependencies: before,
        state: ended <= now ? 'ended' : started <= now ? 'running' : 'pending',
        startedAt: started <= now ? started : null,
        endedAt: ended <= now ? ended : null,
        worked: ended <= now,
        progress: progress && started <= now ? { done: Math.round(1_000 * share), total: 1_000 } : null,
        expectedMs: null,
      };
    }),
  };
}

/** The share of looks, in percent, at which the true end lies in the estimated range. A person looks every two minutes. */
export function calibration(
  count: number,
  { progress, seed }: { readonly progress: boolean; readonly seed: number },
): number {
  const runs = simulateRuns(count + 30, seed);
  let [inside, looks] = [0, 0];
  for (let number = 30; number < runs.length; number += 1) {
    const run = runs[number] as RunSummary;
    const history = runs.slice(number - 30, number).reverse();
    const [begin, end] = [Date.parse(run.started_at), Date.parse(run.ended_at)];
    for (let now = begin + 30_000; now < end; now += 120_000) {
      const estimate = estimateRun(stateAt(run, now, progress), history);
      if (!estimate.end) throw new Error('no estimate');
      looks += 1;
      if (estimate.end.from <= end && end <= estimate.end.to) inside += 1;
    }
  }
  return Math.round((1_000 * inside) / looks) / 10;
}
