import type { RunSummary } from '../../contract/records/history.ts';

/** Fewer runs say nothing about the spread. */
export const leastRuns = 3;

/** The distribution of one step's time, from the end of its last dependency to its own end. As logarithms: times spread by factors. */
export interface StepTimes {
  readonly median: number;
  /** Deviations from the median that remain when each run's own pace is taken out. */
  readonly deviations: readonly number[];
}

export interface PipelineTimes {
  readonly runs: number;
  readonly steps: ReadonlyMap<string, StepTimes>;
  /** Spread of the pace from run to run, and of a step inside a run: standard deviations of logarithms. */
  readonly paceSpread: number;
  readonly stepSpread: number;
  /** Milliseconds from the end of the last step to the end of the run. */
  readonly closing: number;
}

type Dependencies = Readonly<Record<string, readonly string[]>>;

/** Learns a pipeline's times from its history. A slow night makes all of its steps slow, so this separates the pace of a run from the chance of a step. */
export function learnTimes(history: readonly RunSummary[], dependencies: Dependencies): PipelineTimes {
  const runs = history.map((run) => logTimes(run, dependencies));
  const names = [...new Set(runs.flatMap((times) => [...times.keys()]))];
  const valuesOf = (name: string): number[] => runs.flatMap((times) => times.get(name) ?? []);
  const medians = new Map(
    names.filter((name) => valuesOf(name).length >= leastRuns).map((name) => [name, median(valuesOf(name))]),
  );
  const paces = runs.map((times) =>
    median([...times].flatMap(([name, time]) => (medians.has(name) ? [time - (medians.get(name) ?? 0)] : []))),
  );
  const steps = new Map<string, StepTimes>();
  for (const [name, middle] of medians) {
    const deviations = runs.flatMap((times, index) => {
      const time = times.get(name);
      return time === undefined ? [] : [time - middle - (medians.size > 1 ? (paces[index] ?? 0) : 0)];
    });
    // A few runs show less than the whole spread, and the pace of a run, taken from a few steps, takes part of theirs with it.
    const few = Math.sqrt((deviations.length + 1) / (deviations.length - 1));
    const factor = few * (medians.size > 1 ? medians.size / (medians.size - 1) : 1);
    steps.set(name, { median: middle, deviations: deviations.map((one) => one * factor) });
  }
  const stepSpread = spread([...steps.values()].flatMap(({ deviations }) => deviations));
  // An execution that was stopped or died ended when someone stopped it, not after its last step.
  const closings = history
    .filter(({ status }) => status === 'SUCCEEDED')
    .map(
      ({ steps: spans, ended_at }) =>
        Date.parse(ended_at) - Math.max(0, ...Object.values(spans).map(([, ended]) => ended)),
    );
  return {
    runs: runs.length,
    steps,
    paceSpread: medians.size > 1 ? spread(paces) : 0,
    stepSpread,
    closing: Math.max(0, median(closings)),
  };
}

/** Of each step of one run: the logarithm of its time after its last dependency, in milliseconds. */
function logTimes({ steps, started_at }: RunSummary, dependencies: Dependencies): Map<string, number> {
  const begin = Date.parse(started_at);
  return new Map(
    Object.entries(steps).map(([name, [started, ended]]) => {
      const before = dependencies[name] ?? [];
      // A dependency without a span was reused, so it was there from the beginning.
      const ready = Math.max(begin, ...before.map((one) => steps[one]?.[1] ?? begin));
      return [name, Math.log(Math.max(1, ended - Math.min(ready, started)))];
    }),
  );
}

function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Standard deviation, by the median of the distances: a single failure with retries does not widen it. */
function spread(values: readonly number[]): number {
  const middle = median(values);
  return 1.4826 * median(values.map((value) => Math.abs(value - middle)));
}
