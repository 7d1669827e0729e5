import type { Graph } from '../graph/graph.ts';
import { Nesting } from './nesting/nesting.ts';

/** The number of steps that a search for one waiting step less may look at. It is enough for every graph of up to 13 steps. */
const mostSteps = 13_000;

/**
 * Returns a nesting with the fewest waits; the given one if it has the fewest already or the graph is too large to search. A set of waiting steps that works still works with
 * more steps in it, so if no set of a size works, no smaller one does.
 */
export function fewestWaits(start: Nesting, graph: Graph): Nesting {
  const candidates = [...graph.reduced.keys()].filter((step) => (graph.reduced[step]?.length ?? 0) > 0);
  let best = start;
  for (;;) {
    const size = candidates.filter((step) => best.edges.isWaiting(step)).length - 1;
    // If no step had to wait, the first nesting would have none that does.
    if (size < 1 || countSets(candidates.length, size) * graph.names.length > mostSteps) return best;
    const better = firstOf(setsOf(candidates, size), (waiting) => nestingWith(graph, waiting));
    if (better === null) return best;
    best = better;
  }
}

/** The nesting that keeps all edges into steps other than those that wait, or null. */
function nestingWith(graph: Graph, waiting: ReadonlySet<number>): Nesting | null {
  const nesting = new Nesting(graph);
  for (const [step, edges] of graph.reduced.entries())
    if (edges.length > 0 && !waiting.has(step) && !nesting.keep(step, edges)) return null;
  return nesting;
}

function firstOf<T, R>(items: Iterable<T>, find: (item: T) => R | null): R | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}

/** All sets of so many of the items. */
function* setsOf(items: readonly number[], size: number): Generator<Set<number>> {
  if (size === 0) {
    yield new Set();
    return;
  }
  for (const [index, item] of items.entries())
    for (const rest of setsOf(items.slice(index + 1), size - 1)) yield rest.add(item);
}

/** The number of sets of this many of `count` items there are. */
function countSets(count: number, size: number): number {
  let sets = 1;
  for (let i = 1; i <= size; i++) sets = (sets * (count - size + i)) / i;
  return sets;
}
