import type { LineageKind } from '../../contract/lineage/column-lineage.ts';
import { type ColumnPlace, columnKey, type Edge, type LineageGraph, type Place, placeKey } from './lineage-graph.ts';

export type Direction = 'up' | 'down';

/** A column with all that it comes from, or all that comes from it. */
export interface LineageTree {
  readonly place: ColumnPlace;
  /** The ways in which it matters for the place above it, or is made of it; empty where they are not known. */
  readonly kinds: readonly LineageKind[];
  /** It stands with its branches further up in the tree. */
  readonly repeated?: true;
  /** The reason why branches may be missing. */
  readonly unknown?: string;
  readonly branches: readonly LineageTree[];
}

/** The lineage of a column, or of all rows and columns of a dataset where the column is null. */
export function lineageTree(graph: LineageGraph, start: ColumnPlace, direction: Direction): LineageTree {
  return new Walk(graph, direction).from(start, []);
}

class Walk {
  readonly #graph: LineageGraph;
  readonly #direction: Direction;
  readonly #seen = new Set<string>();

  constructor(graph: LineageGraph, direction: Direction) {
    this.#graph = graph;
    this.#direction = direction;
  }

  from(place: ColumnPlace, kinds: readonly LineageKind[]): LineageTree {
    const key = columnKey(place);
    const unknown = this.#direction === 'up' ? (this.#graph.find(place)?.unknown ?? null) : null;
    const steps = this.#next(place);
    if (this.#seen.has(key)) return { place, kinds, branches: [], ...(steps.length > 0 && { repeated: true }) };
    this.#seen.add(key);
    const branches = steps.map(([next, by]) => this.from(next, by));
    return { place, kinds, branches, ...(unknown !== null && { unknown }) };
  }

  /** The places one step on, each once. */
  #next(place: ColumnPlace): (readonly [ColumnPlace, readonly LineageKind[]])[] {
    const found = new Map<string, readonly [ColumnPlace, readonly LineageKind[]]>();
    const add = (next: ColumnPlace, kinds: readonly LineageKind[]): void => {
      const before = found.get(columnKey(next))?.[1] ?? [];
      found.set(columnKey(next), [next, [...new Set([...before, ...kinds])]]);
    };
    const isUp = this.#direction === 'up';
    for (const edge of this.#graph.edges) {
      const [here, there] = isUp ? [edge.to, edge.from] : [edge.from, edge.to];
      if (isAt(here, place, isUp)) add(there, edge.kinds);
    }
    for (const other of this.#unknownNext(place)) add({ ...other, column: null }, []);
    return [...found.values()];
  }

  /** Datasets that a step handler may make of others: their columns are not known. */
  #unknownNext(place: Place): readonly Place[] {
    if (this.#direction === 'up') return this.#graph.find(place)?.maybe ?? [];
    return this.#graph.datasets.filter(({ maybe }) => maybe.some((one) => placeKey(one) === placeKey(place)));
  }
}

/** True if an edge leads on from a place. Up, a column has its own inputs and those of the rows; a dataset has all. Down, a dataset leads wherever any of its columns leads. */
function isAt(end: Edge['from'], place: ColumnPlace, isUp: boolean): boolean {
  if (placeKey(end) !== placeKey(place)) return false;
  if (place.column === null) return true;
  return end.column === place.column || (isUp && end.column === null);
}
