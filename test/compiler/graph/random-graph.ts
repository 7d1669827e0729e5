import fc from 'fast-check';

/** A random acyclic graph: names to dependencies. The names' order has nothing to do with the dependencies. */
export function acyclic(most = 30): fc.Arbitrary<Map<string, string[]>> {
  return fc.integer({ min: 1, max: most }).chain((count) =>
    fc
      .tuple(
        fc.array(fc.array(fc.nat({ max: 1000 }), { maxLength: 5 }), { minLength: count, maxLength: count }),
        fc.shuffledSubarray([...Array(count).keys()], { minLength: count, maxLength: count }),
      )
      .map(([picks, order]) => {
        const name = (i: number) => `s${order[i]}`;
        const edges = picks.map((p, i): [string, string[]] => [
          name(i),
          i === 0 ? [] : [...new Set(p.map((n) => name(n % i)))].sort(),
        ]);
        return new Map(edges.sort(([a], [b]) => (a < b ? -1 : 1)));
      }),
  );
}

/** All ancestors of a step, by following dependencies one by one. */
export function ancestorsOf(graph: ReadonlyMap<string, readonly string[]>, step: string): Set<string> {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    for (const dependency of graph.get(name) ?? []) {
      if (seen.has(dependency)) continue;
      seen.add(dependency);
      visit(dependency);
    }
  };
  visit(step);
  return seen;
}
