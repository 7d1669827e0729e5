import { box, type Nesting, type Region } from './nesting.ts';
import { type Piece, stepsOf } from './piece.ts';

/**
 * A region of a nesting taken out for changes: some of its steps keep no edges inside of it, and the rest is nested again. `Nesting.keep` then works on its steps as on
 * any others. At the end the region either takes its place (`accept`) or everything is as it was (`undo`).
 */
export class Trial {
  readonly #nesting: Nesting;
  readonly #region: Region;
  readonly #steps: Int32Array;
  readonly #before: readonly { readonly kept: readonly number[]; readonly leaf: Piece }[];
  readonly #box: Piece;

  constructor(nesting: Nesting, region: Region, opened: ReadonlySet<number>) {
    const { edges, nester } = nesting;
    const steps = stepsOf(region.pieces);
    const inside = new Set(steps);
    this.#nesting = nesting;
    this.#region = region;
    this.#steps = steps;
    // Pieces are kept for `undo`, so the steps get new ones.
    this.#before = Array.from(steps, (step) => ({ kept: edges.of(step), leaf: nester.leaf(step) }));
    for (const step of steps) {
      nester.leaves[step] = nester.newLeaf(step);
      if (opened.has(step))
        edges.replace(
          step,
          edges.of(step).filter((before) => !inside.has(before)),
        );
    }
    // With fewer edges kept the steps still nest.
    this.#box = box(nester.pieces(steps));
  }

  accept(): void {
    this.#nesting.swap(this.#region, [...this.#box.parts]);
  }

  undo(): void {
    const { edges, nester } = this.#nesting;
    for (const [index, step] of this.#steps.entries()) {
      const before = this.#before[index];
      if (!before) continue;
      edges.replace(step, before.kept);
      nester.leaves[step] = before.leaf;
    }
  }
}
