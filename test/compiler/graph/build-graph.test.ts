import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildGraph } from '../../../lib/compiler/graph/build-graph.ts';
import { criticalPath } from '../../../lib/compiler/graph/critical-path.ts';
import { isBefore } from '../../../lib/compiler/graph/graph.ts';
import { sized } from '../../support/sized.ts';
import { acyclic, ancestorsOf } from './random-graph.ts';

test('dependencies come first, and an edge that a path implies is reduced away', () => {
  const graph = buildGraph(
    new Map([
      ['insights', ['customers', 'orders', 'products']],
      ['orders', []],
      ['users', []],
      ['customers', ['orders', 'users']],
      ['products', ['orders']],
    ]),
  );
  expect(graph.names).toEqual(['orders', 'users', 'customers', 'products', 'insights']);
  expect(graph.reduced).toEqual([[], [], [0, 1], [0], [2, 3]]);
  expect(isBefore(graph, 0, 4)).toBe(true);
  expect(isBefore(graph, 1, 3)).toBe(false);
});

test('a text that is in order stays in order', () => {
  const graph = buildGraph(
    new Map([
      ['z', []],
      ['b', []],
      ['a', ['z']],
      ['y', ['b', 'z']],
    ]),
  );
  expect(graph.names).toEqual(['z', 'b', 'a', 'y']);
});

test('in any graph every step comes after its dependencies, and "before" is the transitive closure', () => {
  fc.assert(
    fc.property(acyclic(70), (edges) => {
      const graph = buildGraph(edges);
      expect([...graph.names].sort()).toEqual([...edges.keys()].sort());
      for (const [j, name] of graph.names.entries()) {
        const ancestors = ancestorsOf(edges, name);
        for (const [i, other] of graph.names.entries()) {
          expect(isBefore(graph, i, j)).toBe(ancestors.has(other));
          if (ancestors.has(other)) expect(i).toBeLessThan(j);
        }
      }
    }),
    { numRuns: sized(20, 60) },
  );
});

test('the transitive reduction keeps exactly the edges that no other path implies', () => {
  fc.assert(
    fc.property(acyclic(25), (edges) => {
      const graph = buildGraph(edges);
      for (const [index, name] of graph.names.entries()) {
        const direct = edges.get(name) ?? [];
        // Brute force: an edge goes when the step is still an ancestor without it.
        const needed = direct.filter((dependency) => {
          const without = new Map(edges).set(
            name,
            direct.filter((d) => d !== dependency),
          );
          return !ancestorsOf(without, name).has(dependency);
        });
        expect((graph.reduced[index] ?? []).map((i) => graph.names[i]).sort()).toEqual(needed.sort());
      }
    }),
    { numRuns: 150 },
  );
});

test('the critical path is the longest chain', () => {
  const graph = buildGraph(
    new Map([
      ['a', []],
      ['b', []],
      ['c', ['a', 'b']],
      ['d', ['b']],
    ]),
  );
  const path = criticalPath(
    graph,
    new Map([
      ['a', 5],
      ['b', 7],
      ['c', 2],
      ['d', 1],
    ]),
  );
  expect(path).toMatchObject({ length: 9, steps: ['b', 'c'] });
  expect([...path.starts]).toEqual([
    ['a', 0],
    ['b', 0],
    ['c', 7],
    ['d', 7],
  ]);
  expect(path.ends.get('d')).toBe(8);
});

test('finding the critical path looks at each step and each edge a few times, also in a chain', () => {
  let looks = 0;
  const counted = <T>(items: readonly T[]): readonly T[] =>
    new Proxy(items, {
      get(target, key, receiver) {
        if (typeof key === 'string' && /^\d+$/.test(key)) looks++;
        return Reflect.get(target, key, receiver);
      },
    });
  const names = Array.from({ length: 1_000 }, (_, step) => `s${step}`);
  const graph = buildGraph(new Map(names.map((name, step) => [name, names.slice(Math.max(0, step - 1), step)])));
  const path = criticalPath(
    { ...graph, names: counted(graph.names), reduced: counted(graph.reduced) },
    new Map(names.map((name) => [name, 1])),
  );
  expect(path.length).toBe(1_000);
  expect(path.steps).toEqual(names);
  expect(looks).toBeLessThan(10_000);
});

test('in any graph the critical path is as long as the longest of all paths', () => {
  fc.assert(
    fc.property(acyclic(12), fc.array(fc.nat({ max: 50 }), { minLength: 12, maxLength: 12 }), (edges, costs) => {
      const durations = new Map([...edges.keys()].map((name, i) => [name, costs[i] ?? 0]));
      const longest = (name: string): number =>
        (durations.get(name) ?? 0) + Math.max(0, ...(edges.get(name) ?? []).map(longest));
      const path = criticalPath(buildGraph(edges), durations);
      expect(path.length).toBe(Math.max(...[...edges.keys()].map(longest)));
      expect(path.steps.reduce((sum, name) => sum + (durations.get(name) ?? 0), 0)).toBe(path.length);
      for (const [i, name] of path.steps.entries()) if (i > 0) expect(edges.get(name)).toContain(path.steps[i - 1]);
    }),
    { numRuns: 100 },
  );
});
