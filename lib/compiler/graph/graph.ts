/** The steps as a directed acyclic graph: numbered in topological order, so that a set of steps is a row of bits. */
export interface Graph {
  /** Step names in topological order: dependencies first; among equals the template's order. */
  readonly names: readonly string[];
  /** Declared dependencies of each step, sorted by name, without repetition. */
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
  /** Row i: bit j is set when step i comes before step j. Bit j is bit `j & 31` of word `j >>> 5`. */
  readonly reach: readonly Uint32Array[];
  /** Row i: the direct predecessors of step i in the transitive reduction, ascending. */
  readonly reduced: readonly (readonly number[])[];
}

/** True if step i comes before step j, by index. */
export function isBefore(graph: Pick<Graph, 'reach'>, i: number, j: number): boolean {
  return (((graph.reach[i]?.[j >>> 5] ?? 0) >>> (j & 31)) & 1) === 1;
}
