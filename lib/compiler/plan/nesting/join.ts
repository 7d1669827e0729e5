import { type Block, Cut } from './cut.ts';
import type { Nester } from './nester.ts';
import { Piece } from './piece.ts';

/** New edges: from each of `befores` to `step`. */
export interface NewEdges {
  readonly step: number;
  readonly befores: readonly number[];
}

/** One level of the way down: where the pieces are cut, and the block in which new edges hold some of its pieces together. */
interface Level {
  readonly cut: Cut;
  readonly block: Block;
  /** The block's other pieces. */
  readonly others: readonly Piece[];
}

/**
 * Nests pieces that new edges hold together into one; null when no nesting keeps all edges. Every piece is nested already, so only the blocks that have
 * both ends of a new edge must be looked into: everywhere else the edges are those that the pieces' own nesting keeps. Changes nothing.
 */
export function join(nester: Nester, given: readonly Piece[], { step, befores }: NewEdges): Piece | null {
  const levels: Level[] = [];
  const holders = holdersOf(nester, [step, ...befores]);
  let pieces = given;
  let open = befores;
  for (;;) {
    if (isOneBlock(nester, pieces, [step, ...open])) return null;
    const cut = new Cut(nester, pieces);
    if (cut.size === 1) return null;
    const block = cut.blockOf(step);
    open = open.filter((before) => before > block.after);
    if (open.length === 0) return levels.reduceRight(rebuilt, Piece.of('series', cut.blocks(null, [])));
    const ends = [step, ...open];
    const joined: Piece[] = [];
    const others: Piece[] = [];
    for (const piece of cut.inside(block)) (holds(piece, holders, ends) ? joined : others).push(piece);
    if (others.length === 0) return null;
    levels.push({ cut, block, others });
    pieces = joined;
  }
}

function rebuilt(inner: Piece, { cut, block, others }: Level): Piece {
  return Piece.of('series', cut.blocks(block, [...others, inner]));
}

/** All pieces of the nesting that some of the steps are in. */
function holdersOf(nester: Nester, steps: readonly number[]): ReadonlySet<Piece> {
  const holders = new Set<Piece>();
  for (const step of steps)
    for (let piece: Piece | null = nester.leaf(step); piece && !holders.has(piece); piece = piece.around)
      holders.add(piece);
  return holders;
}

/** True if some of the steps are in a piece. A new piece is in none. */
function holds(piece: Piece, holders: ReadonlySet<Piece>, steps: readonly number[]): boolean {
  if (piece.around !== null || holders.has(piece)) return holders.has(piece);
  if (piece.steps) return steps.some((step) => piece.steps?.includes(step));
  return piece.parts.some((part) => holds(part, holders, steps));
}

/**
 * True if a few looks already show that pieces are one block: a cut has the least step on one side and the greatest on the other, and no step of one side is
 * free of one on the other. So it is enough that free steps lead from the least to the greatest. Most edges that cannot be kept fail here.
 */
function isOneBlock({ order }: Nester, pieces: readonly Piece[], ends: readonly number[]): boolean {
  const first = pieces.reduce((least, piece) => Math.min(least, piece.first), Number.POSITIVE_INFINITY);
  const last = pieces.reduce((most, piece) => Math.max(most, piece.last), -1);
  const left = new Set([...pieces.flatMap((piece) => [piece.first, piece.last]), ...ends]);
  left.delete(first);
  const reached = [first];
  for (const from of reached) {
    for (const to of left) {
      if (!order.areFree(from, to)) continue;
      if (to === last) return true;
      left.delete(to);
      reached.push(to);
    }
  }
  return false;
}
