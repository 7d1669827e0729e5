import { describe, expect, test } from 'vitest';
import { planRelays } from '../../../lib/compiler/plan/plan-relays.ts';
import { type Dependencies, graphOf, randomDependencies, randomFrom, stepName } from '../../support/graphs.ts';

const full = (steps: number): Dependencies => Array.from({ length: steps }, (_, step) => [...Array(step).keys()]);

/** Follows outcomes as steps read them: which ancestors a step knows, each by an outcome that carries it. */
function knownTo(dependencies: Dependencies): { readonly known: Set<string>[]; readonly reads: number } {
  const relays = planRelays(graphOf(dependencies));
  const carriedBy = new Map<string, Set<string>>();
  let reads = 0;
  const known = dependencies.map((own, step) => {
    const { via = {}, carries = [] } = relays.get(stepName(step)) ?? {};
    const needed = new Set([...own.map(stepName), ...carries]);
    const direct = [...needed].filter((name) => via[name] === undefined);
    reads += direct.length;
    const copies = Object.entries(via).filter(([name, through]) => carriedBy.get(through)?.has(name));
    expect(copies.map(([name]) => name)).toEqual(Object.keys(via));
    expect(Object.values(via).every((through) => direct.includes(through) && own.map(stepName).includes(through))).toBe(
      true,
    );
    const all = new Set([...direct, ...copies.map(([name]) => name)]);
    carriedBy.set(stepName(step), new Set(carries.filter((name) => all.has(name))));
    return all;
  });
  return { known, reads };
}

describe('relays', () => {
  test('a chain needs none', () => {
    const relays = planRelays(graphOf([[], [0], [1]]));
    expect([...relays.values()]).toEqual(Array(3).fill({ via: {}, carries: [] }));
  });

  test('a dependency that comes before another is carried by the outcomes between', () => {
    // 3 depends on 0 and 2; 2 comes after 1, and 1 after 0.
    const relays = planRelays(graphOf([[], [0], [1], [0, 2]]));
    expect(Object.fromEntries(relays)).toEqual({
      s000: { via: {}, carries: [] },
      s001: { via: {}, carries: ['s000'] },
      s002: { via: { s000: 's001' }, carries: ['s000'] },
      s003: { via: { s000: 's002' }, carries: [] },
    });
  });

  test('in random graphs each step gets the outcomes of all of its dependencies, and reads no more of them than before', () => {
    for (let seed = 0; seed < 60; seed += 1) {
      const random = randomFrom(seed);
      const dependencies = randomDependencies(4 + Math.floor(random() * 30), random(), random);
      const { known, reads } = knownTo(dependencies);
      for (const [step, own] of dependencies.entries())
        for (const one of own) expect(known[step]).toContain(stepName(one));
      expect(reads).toBeLessThanOrEqual(dependencies.flat().length);
    }
  });

  test('where every step depends on all before it, each reads one outcome, and those that 40 carried ones have no room for', () => {
    expect(knownTo(full(40)).reads).toBe(39);
    const relays = planRelays(graphOf(full(60)));
    expect(Math.max(...[...relays.values()].map(({ carries }) => carries.length))).toBe(40);
  });
});
