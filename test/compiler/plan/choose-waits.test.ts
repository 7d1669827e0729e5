import { describe, expect, test } from 'vitest';
import { buildGraph } from '../../../lib/compiler/graph/build-graph.ts';
import { chooseWaits } from '../../../lib/compiler/plan/choose-waits.ts';
import type { Layout } from '../../../lib/compiler/plan/plan.ts';
import { planLayout } from '../../../lib/compiler/plan/plan-layout.ts';
import {
  type Dependencies,
  graphOf,
  layeredDependencies,
  randomDependencies,
  randomFrom,
  stepName,
} from '../../support/graphs.ts';
import { sized } from '../../support/sized.ts';

/** All pairs (a, b) that a layout orders, by walking it: in a series, everything of an earlier part comes before everything of a later one. */
function orderOf(layout: Layout): { steps: string[]; pairs: Set<string> } {
  if (layout.kind === 'step') return { steps: [layout.step], pairs: new Set() };
  const parts = layout.parts.map(orderOf);
  const pairs = new Set(parts.flatMap((part) => [...part.pairs]));
  if (layout.kind === 'series')
    parts.forEach((later, index) => {
      for (const earlier of parts.slice(0, index))
        for (const a of earlier.steps) for (const b of later.steps) pairs.add(`${a}<${b}`);
    });
  return { steps: parts.flatMap((part) => part.steps), pairs };
}

/** All pairs (a, b) with a path from a to b. */
function closureOf(edges: Iterable<string>): Set<string> {
  const closure = new Set(edges);
  for (let grew = true; grew; ) {
    grew = false;
    for (const ab of [...closure])
      for (const cd of [...closure]) {
        const [a, b] = ab.split('<');
        const [c, d] = cd.split('<');
        if (b === c && !closure.has(`${a}<${d}`)) {
          closure.add(`${a}<${d}`);
          grew = true;
        }
      }
  }
  return closure;
}

const edgesOf = (dependencies: Dependencies): string[] =>
  dependencies.flatMap((own, step) => own.map((before) => `${stepName(before)}<${stepName(step)}`));

const waitCount = (dependencies: Dependencies): number => planLayout(graphOf(dependencies)).awaits.size;

describe('choice of waits', () => {
  test('layout and waits together order exactly what the graph orders', () => {
    const random = randomFrom(1);
    for (let round = 0; round < 150; round++) {
      const dependencies = randomDependencies(1 + Math.floor(random() * 14), random(), random);
      const { layout, awaits } = planLayout(graphOf(dependencies));
      const { steps, pairs } = orderOf(layout);
      expect([...steps].sort()).toEqual(dependencies.map((_, step) => stepName(step)));
      const graph = closureOf(edgesOf(dependencies));
      for (const pair of pairs) expect(graph.has(pair), `${pair} is not in the graph`).toBe(true);
      const waits = [...awaits].flatMap(([step, awaited]) => awaited.map((before) => `${before}<${step}`));
      expect([...closureOf([...pairs, ...waits])].sort()).toEqual([...graph].sort());
    }
  });

  test('series-parallel graphs need no wait', () => {
    const random = randomFrom(2);
    /** A random series-parallel order, as dependencies between all ends of one part and all starts of the next. */
    const build = (size: number, first: number): { edges: [number, number][] } => {
      if (size === 1) return { edges: [] };
      const left = 1 + Math.floor(random() * (size - 1));
      const edges = [...build(left, first).edges, ...build(size - left, first + left).edges];
      if (random() < 0.5)
        for (let a = first; a < first + left; a++) for (let b = first + left; b < first + size; b++) edges.push([a, b]);
      return { edges };
    };
    for (let round = 0; round < 100; round++) {
      const size = 1 + Math.floor(random() * 30);
      const { edges } = build(size, 0);
      const dependencies = Array.from({ length: size }, (_, step) =>
        edges.filter(([, b]) => b === step).map(([a]) => a),
      );
      expect(waitCount(dependencies)).toBe(0);
    }
  });

  test('small graphs get the fewest waits that any nesting allows', () => {
    const random = randomFrom(3);
    const graphs = [
      [[], [], [0], [0, 1], [0, 1], [0, 1], [1, 2]],
      ...Array.from({ length: sized(60, 600) }, () => randomDependencies(7, 0.25 + random() * 0.3, random)),
    ];
    let needed = 0;
    for (const dependencies of graphs) {
      const fewest = fewestWaits(dependencies);
      needed += fewest;
      expect(waitCount(dependencies), JSON.stringify(dependencies)).toBe(fewest);
    }
    expect(needed).toBeGreaterThan(30);
  });

  test('layered graphs of 47 steps with 1.4 edges per step need at most 0.55 waits per step on average', () => {
    const random = randomFrom(4);
    const graphs = 20;
    let waits = 0;
    for (let round = 0; round < graphs; round++) waits += waitCount(layeredDependencies(47, 8, 66, random));
    expect(waits / (47 * graphs)).toBeLessThanOrEqual(0.55);
  });

  // Counted with a search over the whole graph, which tries the steps in other orders. A search of small regions alone needs one wait more.
  test.each([
    ['18 steps in 4 layers', layeredDependencies(18, 4, 54, randomFrom(18_004)), 8],
    ['60 steps in 12 layers', layeredDependencies(60, 12, 300, randomFrom(60_003)), 33],
    ['80 steps in 9 layers', layeredDependencies(80, 9, 240, randomFrom(80_001)), 39],
    ['100 steps in 10 layers', layeredDependencies(100, 10, 300, randomFrom(100_000)), 51],
    ['36 steps in any order', randomDependencies(36, 8 / 36, randomFrom(36_002)), 14],
  ])('%s need no more waits than are known to be enough', (_, dependencies, enough) => {
    expect(waitCount(dependencies)).toBeLessThanOrEqual(enough);
  });

  test.each([
    ['twelve layers', layeredDependencies(3_000, 12, 4_200, randomFrom(9))],
    ['square layers', layeredDependencies(3_000, 55, 9_000, randomFrom(9))],
    ['dense layers', layeredDependencies(3_000, 12, 15_000, randomFrom(9))],
  ])('3,000 steps in %s take at most 50 looks per step, besides the search with its own limit', (_, dependencies) => {
    const named = dependencies.map((own, step) => [stepName(step), own.map(stepName)] as const);
    expect(chooseWaits(buildGraph(new Map(named))).order.work).toBeLessThan(100_000 + 50 * 3_000);
  });

  test.each([
    ['a chain', (step: number) => [step - 1]],
    ['a chain with a side step at each step', (step: number) => [step % 2 === 1 ? step - 1 : step - 2]],
  ])('%s of 10,000 steps fits the stack', (_, edges) => {
    const dependencies = Array.from({ length: 10_000 }, (_step, step) => edges(step).filter((before) => before >= 0));
    const named = dependencies.map((own, step) => [stepName(step), own.map(stepName)] as const);
    const { awaits } = planLayout(buildGraph(new Map(named)));
    expect(awaits.size).toBeLessThan(25);
  });

  test('the same graph always gets the same layout', () => {
    const dependencies = layeredDependencies(47, 8, 66, randomFrom(5));
    expect(planLayout(graphOf(dependencies))).toEqual(planLayout(graphOf(dependencies)));
  });
});

/** The fewest waits, by brute force: every set of steps is tried, from the smallest, and each with every division of the steps. */
function fewestWaits(dependencies: Dependencies): number {
  const count = dependencies.length;
  const { reduced, reach } = graphOf(dependencies);
  const bits = (steps: readonly number[]): number => steps.reduce((set, step) => set | (1 << step), 0);
  const members = (set: number): number[] => [...dependencies.keys()].filter((step) => set & (1 << step));
  const after = reach.map((row) => row[0] ?? 0);
  const before = reduced.map(bits);
  const nests = (waiting: number): boolean => {
    const known = new Map<number, boolean>();
    const nestsSet = (set: number): boolean => {
      const found = known.get(set) ?? ((set & (set - 1)) === 0 || divides(set));
      known.set(set, found);
      return found;
    };
    const divides = (set: number): boolean => {
      for (let part = (set - 1) & set; part > 0; part = (part - 1) & set) {
        const rest = set & ~part;
        const apart = members(set & ~waiting).every(
          (step) => ((before[step] ?? 0) & (part & (1 << step) ? rest : part)) === 0,
        );
        const ordered = members(part).every((step) => ((after[step] ?? 0) & rest) === rest);
        if ((apart || ordered) && nestsSet(part) && nestsSet(rest)) return true;
      }
      return false;
    };
    return nestsSet((1 << count) - 1);
  };
  const sets = Array.from({ length: 1 << count }, (_, set) => set);
  return Math.min(...sets.filter(nests).map((set) => members(set).filter((step) => before[step] !== 0).length));
}
