import type { Graph } from '../../lib/compiler/graph/graph.ts';

/** A small generator of pseudo-random numbers (mulberry32), so that a seed reproduces a graph. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Dependencies by step index: `dependencies[i]` are indices below `i`. */
export type Dependencies = readonly (readonly number[])[];

/** Any DAG: each step depends on each earlier one with probability `density`. */
export function randomDependencies(steps: number, density: number, random: () => number): Dependencies {
  return Array.from({ length: steps }, (_, step) =>
    Array.from({ length: step }, (_unused, before) => before).filter(() => random() < density),
  );
}

/** Steps in layers. Each step after the first layer depends on a step of the layer before. Further edges from earlier layers are added up to `edges`. */
export function layeredDependencies(steps: number, layers: number, edges: number, random: () => number): Dependencies {
  const layer = Array.from({ length: steps }, (_, step) => Math.floor((step * layers) / steps));
  /** The first step of layer `at`. */
  const firstOf = (at: number): number => Math.ceil((at * steps) / layers);
  const chosen = layer.map(() => new Set<number>());
  const pick = (from: number, to: number): number => from + Math.floor(random() * (to - from));
  layer.forEach((at, step) => {
    if (at > 0) chosen[step]?.add(pick(firstOf(at - 1), firstOf(at)));
  });
  let count = chosen.reduce((sum, set) => sum + set.size, 0);
  for (let tries = 0; count < edges && tries < 100 * steps; tries++) {
    const step = Math.floor(random() * steps);
    const own = chosen[step];
    const size = own?.size ?? 0;
    const at = layer[step] ?? 0;
    if (at > 0) own?.add(pick(0, firstOf(at)));
    count += (own?.size ?? 0) - size;
  }
  return chosen.map((set) => [...set].sort((a, b) => a - b));
}

export function stepName(index: number): string {
  return `s${String(index).padStart(3, '0')}`;
}

/** The graph of the given dependencies, computed naively: closure by repeated union, reduction by definition. */
export function graphOf(dependencies: Dependencies): Graph {
  const count = dependencies.length;
  const before = dependencies.map(() => new Set<number>());
  dependencies.forEach((own, step) => {
    for (const dependency of own) {
      before[step]?.add(dependency);
      for (const further of before[dependency] ?? []) before[step]?.add(further);
    }
  });
  const reach = dependencies.map(() => new Uint32Array((count + 31) >>> 5));
  before.forEach((ancestors, step) => {
    for (const ancestor of ancestors) {
      const row = reach[ancestor];
      if (row) row[step >>> 5] = (row[step >>> 5] ?? 0) | (1 << (step & 31));
    }
  });
  return {
    names: dependencies.map((_, step) => stepName(step)),
    dependencies: new Map(dependencies.map((own, step) => [stepName(step), own.map(stepName)])),
    reach,
    reduced: dependencies.map((own) => own.filter((a) => !own.some((b) => b !== a && before[b]?.has(a)))),
  };
}

/** The same dependencies as a template. */
export function yamlOf(dependencies: Dependencies, extra: (step: number) => string = () => ''): string {
  const steps = dependencies.map(
    (own, step) =>
      `  - name: ${stepName(step)}\n    handler: { callable: ${stepName(step)} }\n    dependencies: [${own.map(stepName).join(', ')}]\n${extra(step)}`,
  );
  return `name: random_pipeline\nversion: 1.0.0\nsteps:\n${steps.join('')}`;
}
