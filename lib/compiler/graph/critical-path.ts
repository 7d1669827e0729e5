import type { Graph } from './graph.ts';

/** The longest chain of steps, and when each step would start and end if nothing else cost time. */
export interface CriticalPath {
  readonly length: number;
  readonly steps: readonly string[];
  readonly starts: ReadonlyMap<string, number>;
  readonly ends: ReadonlyMap<string, number>;
}

/** The critical path for given durations; a step without one takes no time. */
export function criticalPath(graph: Graph, durations: ReadonlyMap<string, number>): CriticalPath {
  const starts = new Map<string, number>();
  const ends = new Map<string, number>();
  const latest: (string | null)[] = [];
  let last: string | null = null;
  for (const [index, name] of graph.names.entries()) {
    let start = 0;
    let cause: string | null = null;
    for (const before of graph.reduced[index] ?? []) {
      const other = graph.names[before] ?? '';
      const end = ends.get(other) ?? 0;
      if (cause === null || end > start) [start, cause] = [end, other];
    }
    latest.push(cause);
    starts.set(name, start);
    ends.set(name, start + (durations.get(name) ?? 0));
    if (last === null || (ends.get(name) ?? 0) > (ends.get(last) ?? 0)) last = name;
  }
  const steps: string[] = [];
  for (let name = last; name !== null; name = latest[graph.names.indexOf(name)] ?? null) steps.unshift(name);
  return { length: last === null ? 0 : (ends.get(last) ?? 0), steps, starts, ends };
}
