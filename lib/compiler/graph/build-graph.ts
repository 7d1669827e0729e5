import type { Graph } from './graph.ts';

/** The graph of known, acyclic dependencies. Steps that could come next keep the given order. */
export function buildGraph(dependencies: ReadonlyMap<string, readonly string[]>): Graph {
  const names = topologicalOrder(dependencies);
  const index = new Map(names.map((name, i) => [name, i]));
  const words = Math.ceil(names.length / 32);
  const before: Uint32Array[] = [];
  const reduced: number[][] = [];
  for (const name of names) {
    const direct = (dependencies.get(name) ?? []).map((dependency) => index.get(dependency) ?? 0).sort((a, b) => b - a);
    const ancestors = new Uint32Array(words);
    const kept: number[] = [];
    // From the latest to the earliest: a later dependency implies one that is already an ancestor.
    for (const dependency of direct) {
      if (hasBit(ancestors, dependency)) continue;
      kept.unshift(dependency);
      setBit(ancestors, dependency);
      addBits(ancestors, before[dependency] ?? ancestors);
    }
    before.push(ancestors);
    reduced.push(kept);
  }
  return { names, dependencies, reach: reachOf(reduced, words), reduced };
}

const hasBit = (row: Uint32Array, bit: number): boolean => (((row[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1;

const setBit = (row: Uint32Array, bit: number): void => {
  row[bit >>> 5] = (row[bit >>> 5] ?? 0) | (1 << (bit & 31));
};

const addBits = (row: Uint32Array, further: Uint32Array): void => {
  for (let word = 0; word < row.length; word++) row[word] = (row[word] ?? 0) | (further[word] ?? 0);
};

/** Per step all steps that come after it. From the last step to the first, so that a row is complete before others take it over. */
const reachOf = (reduced: readonly (readonly number[])[], words: number): Uint32Array[] => {
  const reach = reduced.map(() => new Uint32Array(words));
  for (let step = reduced.length - 1; step >= 0; step--)
    for (const dependency of reduced[step] ?? []) {
      const row = reach[dependency];
      if (!row) continue;
      setBit(row, step);
      addBits(row, reach[step] ?? row);
    }
  return reach;
};

/** Each step after its dependencies, which are drawn forward as far as needed; a text that is in order stays in order. */
const topologicalOrder = (dependencies: ReadonlyMap<string, readonly string[]>): string[] => {
  const given = [...dependencies.keys()];
  const order: string[] = [];
  const done = new Set<string>();
  for (const start of given) {
    // Depth first through the missing steps, without recursion.
    const path = [start];
    while (path.length > 0) {
      const name = path[path.length - 1] ?? start;
      const missing = done.has(name) ? undefined : dependencies.get(name)?.find((dependency) => !done.has(dependency));
      if (missing !== undefined) path.push(missing);
      else {
        if (!done.has(name)) order.push(name);
        done.add(name);
        path.pop();
      }
    }
  }
  return order;
};
