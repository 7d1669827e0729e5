import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findCycles } from '../../../lib/compiler/graph/find-cycles.ts';
import { acyclic, ancestorsOf } from './random-graph.ts';

test('an acyclic graph has no circles', () => {
  fc.assert(fc.property(acyclic(), (edges) => findCycles(edges).length === 0));
});

test('each group of steps that depend on each other gives one circle', () => {
  const edges = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', ['a']],
    ['d', ['b']],
    ['x', ['y', 'a']],
    ['y', ['x']],
    ['alone', ['x']],
  ]);
  expect(findCycles(edges)).toEqual([
    ['a', 'b', 'c'],
    ['x', 'y'],
  ]);
});

test('in any graph: circles are circles, and there is one for each group', () => {
  const edges = fc
    .array(fc.array(fc.nat({ max: 11 }), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
    .map(
      (rows) =>
        new Map(
          rows.map((row, i) => [
            `s${i}`,
            [...new Set(row.filter((n) => n < rows.length && n !== i).map((n) => `s${n}`))].sort(),
          ]),
        ),
    );
  fc.assert(
    fc.property(edges, (graph) => {
      const circles = findCycles(graph);
      for (const circle of circles) {
        expect(new Set(circle).size).toBe(circle.length);
        for (const [i, name] of circle.entries()) expect(graph.get(name)).toContain(circle[(i + 1) % circle.length]);
      }
      const group = (name: string) =>
        [...graph.keys()]
          .filter((o) => o === name || (ancestorsOf(graph, name).has(o) && ancestorsOf(graph, o).has(name)))
          .join();
      const groups = new Set([...graph.keys()].filter((name) => ancestorsOf(graph, name).has(name)).map(group));
      expect(new Set(circles.map((circle) => group(circle[0] ?? '')))).toEqual(groups);
      expect(circles).toHaveLength(groups.size);
    }),
    { numRuns: 300 },
  );
});

test('a chain of ten thousand steps does not exhaust the stack', () => {
  const chain = new Map(Array.from({ length: 10_000 }, (_, i) => [`s${i}`, i === 0 ? [] : [`s${i - 1}`]]));
  expect(findCycles(chain)).toEqual([]);
  chain.set('s0', ['s9999']);
  expect(findCycles(chain)[0]).toHaveLength(10_000);
});
