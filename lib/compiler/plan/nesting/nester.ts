import type { KeptEdges } from './kept-edges.ts';
import { Piece } from './piece.ts';
import type { StepOrder } from './step-order.ts';

/**
 * Nests sets of steps into series and parallels such that every kept edge holds and no step is put after one that the graph does not put before it. Exact: both
 * splits lose nothing. Where the kept edges fall apart, any solution restricted to the components is a solution of each; where they hang together, the outermost
 * composition must be a series, and then the finest sequence of blocks that the graph orders completely is as good as any.
 */
export class Nester {
  readonly order: StepOrder;
  readonly edges: KeptEdges;
  /** The pieces of single steps. */
  readonly leaves: Piece[];

  constructor(order: StepOrder, edges: KeptEdges) {
    this.order = order;
    this.edges = edges;
    this.leaves = Array.from(order.farthest, (_, step) => this.newLeaf(step));
  }

  newLeaf(step: number): Piece {
    return Piece.step(step, this.order.farthest[step] ?? step);
  }

  leaf(step: number): Piece {
    const leaf = this.leaves[step];
    if (!leaf) throw new Error(`there is no step ${step}`);
    return leaf;
  }

  /** The sets of steps that kept edges hold together. `steps` are ascending. */
  components(steps: Int32Array): Int32Array[] {
    this.order.work += steps.length;
    return this.edges.components(steps);
  }

  /** The same as pieces, for steps that are known to nest. */
  pieces(steps: Int32Array): Piece[] {
    return this.components(steps).map((component) => this.later('series', component, () => this.#blocks(component)));
  }

  /** A piece of the steps, whose parts are made when they are needed if there are several. */
  later(kind: 'series' | 'parallel', steps: Int32Array, parts: () => Piece[]): Piece {
    if (steps.length === 1) return this.leaf(steps[0] ?? 0);
    const far = steps.reduce((most, step) => Math.max(most, this.order.farthest[step] ?? step), 0);
    return Piece.later(kind, steps, far, parts);
  }

  #blocks(steps: Int32Array): Piece[] {
    const ends = this.order.blocks(steps);
    if (ends.length === 1) throw new Error('a nesting was found feasible and then was not');
    let from = 0;
    return ends.map((end) => {
      let to = from + 1;
      while ((steps[to] ?? end + 1) <= end) to++;
      const block = steps.subarray(from, to);
      from = to;
      return this.later('parallel', block, () => this.pieces(block));
    });
  }
}
