import type { RunSummary } from '../../contract/records/history.ts';
import type { EndRange, RunEstimate, RunState } from './estimate.ts';
import { type PlayedRun, playRun } from './play-run.ts';

/** Estimates when a run and its remaining steps end, from many ways in which it may go on. */
export function estimateRun(state: RunState, history: readonly RunSummary[]): RunEstimate {
  return estimateOf(playRun(state, history));
}

/** The estimate that played runs give. */
function estimateOf({ runs, draws, remaining, assumed, unknown }: PlayedRun): RunEstimate {
  const ends = remaining.map((name) => [name, draws.map((draw) => draw.ends.get(name) ?? Number.NaN)] as const);
  const known = ends.filter(([, values]) => values.every((value) => !Number.isNaN(value)));
  const totals = draws.map(({ end }) => end);
  const hasEnd = totals.every((end) => !Number.isNaN(end));
  return {
    runs,
    end: hasEnd ? rangeOf(totals) : null,
    steps: Object.fromEntries(known.map(([name, values]) => [name, rangeOf(values)])),
    heldUpBy: unknown.length > 0 ? null : mostOften(draws.map(({ first }) => first)),
    assumed,
    unknown,
  };
}

/** The value that comes most often, without null. */
export function mostOften(values: readonly (string | null)[]): string | null {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [first = null] = [...counts].sort(([, a], [, b]) => b - a).map(([value]) => value);
  return first;
}

/** The middle eight of ten values. */
export function rangeOf(values: readonly number[]): EndRange {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { from: at(0.1), to: at(0.9) };
}
