import type { Graph } from '../graph/graph.ts';
import { fewestWaits } from './fewest-waits.ts';
import { improveWaits } from './improve-waits.ts';
import { Nesting } from './nesting/nesting.ts';
import { searchEverywhere } from './search-everywhere.ts';

/**
 * The limit of the work for taking steps in, and again for keeping single edges afterwards. It counts steps instead of time, so a template always
 * compiles to the same machine. 10,000 steps in layers need less than a tenth of it.
 */
const mostWork = 10_000_000;

/**
 * Chooses which steps wait, so that few do, and nests the steps around them. Keeping fewer edges never makes a nesting impossible. So the planner takes the steps
 * in one by one, each with all of its dependencies or none. Then it opens small regions and nests them in other ways. Deterministic.
 */
export function chooseWaits(graph: Graph): Nesting {
  const nesting = new Nesting(graph);
  const limit = nesting.order.work + mostWork;
  nesting.plantForest();
  for (const step of joins(graph)) if (nesting.order.work < limit) nesting.keep(step, graph.reduced[step] ?? []);
  improveWaits(nesting, graph);
  const best = fewestWaits(fewerWaits(nesting, graph), graph);
  keepMoreEdges(best, graph);
  return best;
}

/** The nesting, or that of a second search if fewer steps wait in it. */
function fewerWaits(nesting: Nesting, graph: Graph): Nesting {
  const waits = ({ edges }: Nesting) =>
    graph.reduced.reduce((sum, _, step) => sum + (edges.isWaiting(step) ? 1 : 0), 0);
  const needed = waits(nesting);
  // One wait is the least if no nesting without any is found at once.
  const other = needed > 1 ? searchEverywhere(graph) : null;
  return other && waits(other) < needed ? other : nesting;
}

/**
 * The steps with several dependencies, in the best order for taking them in. Steps whose dependencies have few other dependents come first, since those
 * dependents can stand in the way.
 */
function joins({ reduced }: Graph): number[] {
  const dependents = reduced.map(() => 0);
  for (const edges of reduced) for (const before of edges) dependents[before] = (dependents[before] ?? 0) + 1;
  const rivals = reduced.map((edges) => edges.reduce((sum, before) => sum + (dependents[before] ?? 0), 0));
  const several = [...reduced.keys()].filter((step) => (reduced[step]?.length ?? 0) > 1);
  return several.sort((a, b) => (rivals[a] ?? 0) - (rivals[b] ?? 0) || a - b);
}

/** For each waiting step, edges that the nesting can keep after all: fewer outcomes to await, and a drawing that people recognise. */
function keepMoreEdges(nesting: Nesting, { reduced }: Graph): void {
  const limit = nesting.order.work + mostWork;
  for (const step of reduced.keys())
    for (const before of nesting.edges.missing(step).reverse())
      if (nesting.order.work < limit) nesting.keep(step, [before]);
}
