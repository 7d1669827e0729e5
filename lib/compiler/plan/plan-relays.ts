/** The outcomes that a step reads: those of its last dependencies. They carry the outcomes of earlier ones, so that a step in a dense graph reads few objects. */
import { type Graph, isBefore } from '../graph/graph.ts';

/** The way in which the outcomes of earlier steps reach a step, and pass through it. */
export interface Relays {
  /** By name of an ancestor: the dependency whose outcome carries the ancestor's. */
  readonly via: Readonly<Record<string, string>>;
  /** Ancestors whose outcomes this step's outcome carries on. Sorted. */
  readonly carries: readonly string[];
}

/** The most outcomes that one outcome carries; a step reads any other itself. The limit bounds the storage of a dense graph of many steps. */
const mostCarried = 40;

/** The relays of every step, by name. */
export function planRelays(graph: Graph): ReadonlyMap<string, Relays> {
  const { names, dependencies, reduced } = graph;
  const indexOf = new Map(names.map((name, index) => [name, index]));
  const declared = names.map((name) => new Set((dependencies.get(name) ?? []).map((one) => indexOf.get(one) ?? -1)));
  const carries = names.map(() => new Set<number>());
  const vias = names.map(() => new Map<number, number>());
  // Descendants first: then all that a step has to carry is known when its own turn comes.
  for (let step = names.length - 1; step >= 0; step -= 1) {
    const last = reduced[step] ?? [];
    for (const ancestor of new Set([...(declared[step] ?? []), ...(carries[step] ?? [])])) {
      if (last.includes(ancestor)) continue;
      const before = last.filter((one) => isBefore(graph, ancestor, one));
      const through =
        before.find((one) => carries[one]?.has(ancestor)) ??
        before.find((one) => declared[one]?.has(ancestor) && hasRoom(carries[one])) ??
        before.find((one) => hasRoom(carries[one]));
      if (through === undefined) continue;
      carries[through]?.add(ancestor);
      vias[step]?.set(ancestor, through);
    }
  }
  const nameOf = (index: number): string => names[index] ?? '';
  return new Map(
    names.map((name, step) => [
      name,
      {
        via: Object.fromEntries(
          [...(vias[step] ?? [])].map(([ancestor, through]) => [nameOf(ancestor), nameOf(through)]),
        ),
        carries: [...(carries[step] ?? [])].map(nameOf).sort(),
      },
    ]),
  );
}

const hasRoom = (carried: ReadonlySet<number> | undefined): boolean => (carried?.size ?? 0) < mostCarried;
