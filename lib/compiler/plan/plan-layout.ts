import type { Graph } from '../graph/graph.ts';
import { chooseWaits } from './choose-waits.ts';
import type { Piece } from './nesting/piece.ts';
import type { Layout } from './plan.ts';

/** The place of each step, and the dependencies that its place does not guarantee. */
export interface LayoutPlan {
  readonly layout: Layout;
  /** Per step the dependencies of the transitive reduction that it must await, sorted; no entry when its place guarantees all. */
  readonly awaits: ReadonlyMap<string, readonly string[]>;
}

/**
 * Nests the steps so that few need a wait. The nesting and the waits together order exactly what the graph orders: no step is put after one that it does not depend
 * on, directly or through others.
 */
export function planLayout(graph: Graph): LayoutPlan {
  const { pieces, edges } = chooseWaits(graph);
  const awaits = new Map<string, readonly string[]>();
  for (const [step, name] of graph.names.entries()) {
    const missing = edges.missing(step);
    if (missing.length > 0) awaits.set(name, missing.map((index) => nameOf(graph, index)).sort());
  }
  return { layout: beside(graph, pieces), awaits };
}

function layoutOf(graph: Graph, { kind, parts, first }: Piece): Layout {
  if (kind === 'step') return { kind, step: nameOf(graph, first) };
  if (kind === 'parallel') return beside(graph, parts);
  return { kind, parts: parts.map((part) => layoutOf(graph, part)) };
}

/** Pieces in parallel, in the order of their first steps. */
function beside(graph: Graph, pieces: readonly Piece[]): Layout {
  const parts = [...pieces].sort((a, b) => a.first - b.first).map((piece) => layoutOf(graph, piece));
  const [only] = parts;
  return parts.length === 1 && only ? only : { kind: 'parallel', parts };
}

function nameOf(graph: Graph, index: number): string {
  const name = graph.names[index];
  if (name === undefined) throw new Error(`the graph has no step ${index}`);
  return name;
}
