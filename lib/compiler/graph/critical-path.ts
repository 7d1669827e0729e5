import type { Graph } from './graph.ts';

/** The longest chain of steps, and the start and end of each step if nothing else took time. */
export interface CriticalPath {
  readonly length: number;
  readonly steps: readonly string[];
  readonly starts: ReadonlyMap<string, number>;
  readonly ends: ReadonlyMap<string, number>;
}

/** The critical path for given durations; a step without one takes no time. Looks at each edge once. */
export function criticalPath({ names, reduced }: Graph, durations: ReadonlyMap<string, number>): CriticalPath {
  const starts: number[] = [];
  const ends: number[] = [];
  /** Per step the dependency that ends last, or -1. */
  const causes: number[] = [];
  let last = -1;
  for (const [step, name] of names.entries()) {
    let [start, cause] = [0, -1];
    for (const before of reduced[step] ?? []) {
      const end = ends[before] ?? 0;
      if (cause < 0 || end > start) [start, cause] = [end, before];
    }
    causes.push(cause);
    starts.push(start);
    ends.push(start + (durations.get(name) ?? 0));
    if (last < 0 || (ends[step] ?? 0) > (ends[last] ?? 0)) last = step;
  }
  const steps: string[] = [];
  for (let step = last; step >= 0; step = causes[step] ?? -1) steps.push(names[step] ?? '');
  const byName = (times: readonly number[]) => new Map(names.map((name, step) => [name, times[step] ?? 0]));
  return { length: ends[last] ?? 0, steps: steps.reverse(), starts: byName(starts), ends: byName(ends) };
}
