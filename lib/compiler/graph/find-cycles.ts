/**
 * The circles in a set of dependencies: for each group of steps that all depend on each other, one shortest circle through its first step, as a list in which every
 * step depends on the next and the last on the first. Iterative, so that a chain of any length fits the stack.
 */
export function findCycles(dependencies: ReadonlyMap<string, readonly string[]>): string[][] {
  return components(dependencies)
    .filter((group) => group.length > 1)
    .map((group) => {
      const order = new Map([...dependencies.keys()].map((name, index) => [name, index]));
      const inside = new Set(group);
      const first = [...group].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))[0] ?? '';
      return shortestCircle(first, (name) => (dependencies.get(name) ?? []).filter((next) => inside.has(next)));
    });
}

const shortestCircle = (first: string, next: (name: string) => readonly string[]): string[] => {
  const cameFrom = new Map<string, string>();
  const queue = [first];
  for (const name of queue) {
    for (const dependency of next(name)) {
      if (dependency === first) {
        const path = [name];
        while (path[0] !== first) path.unshift(cameFrom.get(path[0] ?? '') ?? first);
        return path;
      }
      if (cameFrom.has(dependency)) continue;
      cameFrom.set(dependency, name);
      queue.push(dependency);
    }
  }
  return [first];
};

/** Strongly connected components (Tarjan), with an explicit stack. */
const components = (dependencies: ReadonlyMap<string, readonly string[]>): string[][] => {
  const found = new Map<string, { index: number; low: number; open: boolean }>();
  const open: string[] = [];
  const result: string[][] = [];
  for (const root of dependencies.keys()) {
    if (found.has(root)) continue;
    const path: { name: string; next: number }[] = [{ name: root, next: 0 }];
    while (path.length > 0) {
      const frame = path[path.length - 1] as { name: string; next: number };
      const mark = found.get(frame.name) ?? { index: found.size, low: found.size, open: true };
      if (!found.has(frame.name)) {
        found.set(frame.name, mark);
        open.push(frame.name);
      }
      const dependency = dependencies.get(frame.name)?.[frame.next++];
      if (dependency !== undefined) {
        const other = found.get(dependency);
        if (!other) path.push({ name: dependency, next: 0 });
        else if (other.open) mark.low = Math.min(mark.low, other.index);
        continue;
      }
      path.pop();
      const above = found.get(path.at(-1)?.name ?? '');
      if (above) above.low = Math.min(above.low, mark.low);
      if (mark.low !== mark.index) continue;
      const group = open.splice(open.indexOf(frame.name));
      for (const name of group) (found.get(name) ?? mark).open = false;
      result.push(group);
    }
  }
  return result;
};
