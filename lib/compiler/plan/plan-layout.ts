import type { Graph } from '../graph/graph.ts';
import type { Arrangement } from './arrange.ts';
import { chooseWaits } from './choose-waits.ts';
import type { Layout } from './plan.ts';

/** Where each step stands, and the dependencies that its place does not guarantee. */
export interface LayoutPlan {
  readonly layout: Layout;
  /** Per step the dependencies of the transitive reduction that it must await, sorted; no entry when its place guarantees all. */
  readonly awaits: ReadonlyMap<string, readonly string[]>;
}

/**
 * Nests the steps so that few need a wait. What the nesting orders and what waits order, taken together, is exactly the graph: no step is put after one that it
 * does not depend on, directly or through others.
 */
export function planLayout(graph: Graph): LayoutPlan {
  const { arrangement, required } = chooseWaits(graph);
  const awaits = new Map<string, readonly string[]>();
  graph.names.forEach((name, step) => {
    const kept = new Set(required[step]);
    const missing = (graph.reduced[step] ?? []).filter((before) => !kept.has(before));
    if (missing.length > 0) awaits.set(name, missing.map((index) => nameOf(graph, index)).sort());
  });
  return { layout: named(graph, arrangement), awaits };
}

function named(graph: Graph, arrangement: Arrangement): Layout {
  return arrangement.kind === 'step'
    ? { kind: 'step', step: nameOf(graph, arrangement.step) }
    : { kind: arrangement.kind, parts: arrangement.parts.map((part) => named(graph, part)) };
}

function nameOf(graph: Graph, index: number): string {
  const name = graph.names[index];
  if (name === undefined) throw new Error(`the graph has no step ${index}`);
  return name;
}
