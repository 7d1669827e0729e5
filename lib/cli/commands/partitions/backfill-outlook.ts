import type { RunSummary } from '../../../contract/records/history.ts';
import { expectedTimesOf } from '../../../operate/estimate/estimate.ts';
import { estimateRun } from '../../../operate/estimate/estimate-run.ts';
import { priceOfRuns } from '../../../operate/partitions/price.ts';
import type { ValidPipeline } from '../../load.ts';

/** The time and the price of a backfill, as far as they are known before it. */
export interface BackfillOutlook {
  /** Milliseconds, of the middle eight of ten; null without history and expected durations. */
  readonly time: { readonly from: number; readonly to: number } | null;
  /** Earlier runs that the time is based on. */
  readonly runs: number;
  /** Dollars, if the runs were on AWS. */
  readonly price: number;
}

/** Estimates a backfill of so many runs, each of which executes every step, or those of `again`: an upper bound for runs that are continued. */
export function backfillOutlook(
  { plan }: ValidPipeline,
  history: readonly RunSummary[],
  {
    runs,
    width,
    again = null,
  }: { readonly runs: number; readonly width: number; readonly again?: ReadonlySet<string> | null },
): BackfillOutlook {
  const works = (name: string): boolean => again?.has(name) ?? true;
  const expected = expectedTimesOf(plan);
  const steps = plan.steps.map(({ name, dependencies }) => ({
    name,
    dependencies,
    state: works(name) ? ('pending' as const) : ('ended' as const),
    startedAt: null,
    endedAt: works(name) ? null : 0,
    worked: false,
    progress: null,
    expectedMs: expected.steps.get(name) ?? null,
  }));
  const estimate = estimateRun({ steps, startedAt: 0, now: 0, expectedMs: expected.run }, history);
  const rounds = Math.ceil(runs / width);
  const working = plan.steps.filter(({ name }) => works(name));
  const priced = working.map(({ name, memoryMb }) => ({ ms: usualTime(name, history), memoryMb }));
  return {
    time: estimate.end && runs > 0 ? { from: estimate.end.from * rounds, to: estimate.end.to * rounds } : null,
    runs: estimate.runs,
    price: priceOfRuns(runs, priced),
  };
}

/** The median of a step's times; null without one. */
function usualTime(step: string, history: readonly RunSummary[]): number | null {
  const times = history
    .flatMap(({ steps }) => (Object.hasOwn(steps, step) ? [steps[step]] : []))
    .flatMap((span) => (span ? [span[1] - span[0]] : []))
    .sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? null;
}
