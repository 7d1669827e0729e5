import { Piece } from './piece.ts';

/** A forest of steps: each depends on one other at most. */
export interface Forest {
  /** Trees as pieces, with every edge that is not among `cut` kept. */
  readonly pieces: Piece[];
  /** Steps that are not nested behind their dependency, because the parallels would be nested too deeply. */
  readonly cut: ReadonlySet<number>;
}

/**
 * Nests a forest. This is always possible, and inside of a tree the graph orders nothing else: a step's only dependency is where every way to it comes from. So a
 * tree is the chain of steps down to the first with several dependents, and then the trees of those, in parallel.
 * `parents` has each step's dependency, or -1; `leaf` gives the piece of a step.
 */
export function nestForest(parents: readonly number[], leaf: (step: number) => Piece, deepest: number): Forest {
  const children: number[][] = parents.map(() => []);
  for (const [step, parent] of parents.entries()) children[parent]?.push(step);
  const trees: (Piece | undefined)[] = [];
  const roots: Piece[] = [];
  const cut = new Set<number>();
  // Chains begin at roots and where several steps depend on one. The loop goes from the last to the first, so the trees at a chain's end already exist.
  for (let start = parents.length - 1; start >= 0; start--) {
    const parent = parents[start] ?? -1;
    if (parent >= 0 && children[parent]?.length === 1) continue;
    const chain = [leaf(start)];
    let branches = children[start] ?? [];
    for (; branches.length === 1; branches = children[branches[0] ?? start] ?? [])
      chain.push(leaf(branches[0] ?? start));
    const low: Piece[] = [];
    for (const branch of branches) {
      const tree = trees[branch] ?? leaf(branch);
      if (tree.height < deepest) low.push(tree);
      else {
        cut.add(branch);
        roots.push(tree);
      }
    }
    trees[start] = inSeries([...chain, ...beside(low)]);
  }
  for (const [step, parent] of parents.entries()) {
    const tree = trees[step];
    if (parent < 0 && tree) roots.push(tree);
  }
  return { pieces: roots, cut };
}

/** Pieces in parallel, as parts of a series. */
function beside(pieces: Piece[]): readonly Piece[] {
  const [only] = pieces;
  if (pieces.length > 1) return [Piece.of('parallel', pieces)];
  return only?.kind === 'series' ? only.parts : pieces;
}

function inSeries(parts: Piece[]): Piece {
  const [only] = parts;
  return parts.length === 1 && only ? only : Piece.of('series', parts);
}
