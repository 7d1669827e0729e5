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

/** The state of a step in the search: when it was found, the earliest open step that it leads back to, and whether its group is still open. */
interface Mark {
  readonly index: number;
  low: number;
  open: boolean;
}

/** Strongly connected components (Tarjan), with an explicit stack. */
const components = (dependencies: ReadonlyMap<string, readonly string[]>): string[][] => {
  const found = new Map<string, Mark>();
  const open: string[] = [];
  const result: string[][] = [];
  const enter = (name: string) => {
    const mark = { index: found.size, low: found.size, open: true };
    found.set(name, mark);
    open.push(name);
    return { name, mark, next: 0 };
  };
  /** The step leads to no further ones: if it leads back to none before it, it and those that are open after it are a group. */
  const leave = (name: string, mark: Mark): void => {
    if (mark.low !== mark.index) return;
    const group = open.splice(open.indexOf(name));
    for (const one of group) (found.get(one) ?? mark).open = false;
    result.push(group);
  };
  for (const root of dependencies.keys()) {
    const path = found.has(root) ? [] : [enter(root)];
    for (let frame = path.at(-1); frame; frame = path.at(-1)) {
      const { name, mark } = frame;
      const dependency = dependencies.get(name)?.[frame.next++];
      if (dependency === undefined) {
        path.pop();
        const above = path.at(-1)?.mark;
        if (above) above.low = Math.min(above.low, mark.low);
        leave(name, mark);
        continue;
      }
      const other = found.get(dependency);
      if (!other) path.push(enter(dependency));
      else if (other.open) mark.low = Math.min(mark.low, other.index);
    }
  }
  return result;
};
