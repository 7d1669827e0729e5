import type { Graph } from '../../graph/graph.ts';
import { nestForest } from './forest.ts';
import { join } from './join.ts';
import { KeptEdges } from './kept-edges.ts';
import { Nester } from './nester.ts';
import { Piece } from './piece.ts';
import { StepOrder } from './step-order.ts';

/** The deepest nesting of Parallel states: many more than a definition that fits Step Functions can have, and few enough for every call stack. */
const deepest = 250;

/** Pieces that stand beside each other in `around`. */
export interface Region {
  readonly around: Piece;
  readonly pieces: readonly Piece[];
}

/**
 * A nesting of all steps as a tree that follows the kept edges: always what `Nester` would make of them. An edge is kept when its ends are in different parts of a
 * series. To keep one more, only the pieces that it joins are nested again, and of them only the blocks that have both of its ends.
 */
export class Nesting {
  readonly order: StepOrder;
  readonly edges: KeptEdges;
  readonly nester: Nester;
  readonly #graph: Graph;
  /** All pieces; the only parallel that may have a single part. */
  #root: Piece;
  #walks = 0;

  /** At first all steps stand beside each other. */
  constructor(graph: Graph) {
    this.#graph = graph;
    this.order = new StepOrder(graph);
    this.edges = new KeptEdges(graph.reduced);
    this.nester = new Nester(this.order, this.edges);
    this.#root = box([...this.nester.leaves]);
  }

  /** The pieces that stand beside each other in the whole. */
  get pieces(): readonly Piece[] {
    return this.#root.parts;
  }

  /** For a new nesting: keeps the edges of all steps with a single dependency. */
  plantForest(): void {
    const { reduced } = this.#graph;
    const parents = reduced.map((edges) => (edges.length === 1 ? (edges[0] ?? -1) : -1));
    const { pieces, cut } = nestForest(parents, (step) => this.nester.leaf(step), deepest - 1);
    for (const [step, parent] of parents.entries()) if (parent >= 0 && !cut.has(step)) this.edges.add(step, [parent]);
    this.#root = box(pieces);
  }

  /** Keeps the edges from `befores` to a step as well, all or none; false when no nesting can. */
  keep(step: number, befores: readonly number[]): boolean {
    const region = this.regionOf(step, befores);
    if (region) {
      const joined = join(this.nester, region.pieces, { step, befores });
      if (joined === null || depthOf(region.around) + joined.height > deepest) return false;
      this.swap(region, [joined]);
    }
    this.edges.add(step, befores);
    return true;
  }

  /** The outermost pieces that edges from `befores` to a step would join, that of the step first; null when the nesting orders these steps already. */
  regionOf(step: number, befores: readonly number[]): Region | null {
    const walk = ++this.#walks;
    let below: Piece | null = null;
    for (let piece: Piece | null = this.nester.leaf(step); piece; piece = piece.around) {
      piece.walk = walk;
      piece.from = below;
      below = piece;
    }
    let around: Piece | null = null;
    let pieces = new Set<Piece>();
    for (const before of befores) {
      let part = this.nester.leaf(before);
      let meet = part.around;
      while (meet && meet.walk !== walk) [part, meet] = [meet, meet.around];
      if (meet?.kind !== 'parallel') continue;
      if (around === null || (meet !== around && meet.height > around.height)) [around, pieces] = [meet, new Set()];
      if (meet === around) pieces.add(part);
    }
    return around?.from ? { around, pieces: [around.from, ...pieces] } : null;
  }

  /** Puts pieces of the same steps in the place of a region's. */
  swap({ around, pieces }: Region, instead: readonly Piece[]): void {
    const { parts } = around;
    for (const piece of pieces) {
      const last = parts.pop();
      if (!last || last === piece) continue;
      parts[piece.at] = last;
      last.at = piece.at;
    }
    for (const piece of instead) {
      adopt(piece);
      piece.around = around;
      piece.at = parts.length;
      parts.push(piece);
      let height = piece.height;
      for (let at: Piece | null = around; at; at = at.around) {
        if (at.kind === 'parallel') height++;
        at.raise(height);
      }
    }
  }
}

/** Pieces beside each other, apart from everything else. */
export function box(pieces: Piece[]): Piece {
  const around = Piece.of('parallel', pieces);
  adopt(around);
  return around;
}

/** Tells the parts of new pieces where they are. */
function adopt(piece: Piece): void {
  const { parts } = piece;
  if (piece.kind === 'step' || parts[0]?.around === piece) return;
  let at = 0;
  for (const part of parts) {
    part.around = piece;
    part.at = at++;
    adopt(part);
  }
}

function depthOf(piece: Piece): number {
  let depth = 0;
  for (let at: Piece | null = piece; at; at = at.around) if (at.kind === 'parallel') depth++;
  return depth;
}
