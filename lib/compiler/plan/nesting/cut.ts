import type { Nester } from './nester.ts';
import { Piece, stepsOf } from './piece.ts';

/** A block of a cut: its steps are those of the cut's pieces above `after`, up to `until`. */
export interface Block {
  readonly after: number;
  readonly until: number;
}

/** Consecutive parts of a piece: the index of the first, and the one after the last. */
interface Run {
  readonly piece: Piece;
  readonly from: number;
  readonly to: number;
}

/**
 * The blocks into which pieces divide when new edges hold them together. No cut divides a part of a piece, so a block is a run of parts of one or more pieces.
 * The parts of a piece that come before everything in the others (the head) are blocks by themselves, and so are those that come after everything (the tail).
 */
export class Cut {
  readonly #nester: Nester;
  readonly #pieces: readonly Piece[];
  readonly #head: readonly Piece[];
  readonly #tail: readonly Piece[];
  /** The greatest step of each block between head and tail. */
  readonly #ends: readonly number[];

  constructor(nester: Nester, pieces: readonly Piece[]) {
    this.#nester = nester;
    this.#pieces = pieces;
    // Only the piece with the least step can have a head, and only that with the greatest a tail.
    const earliest = pieces.reduce((one, other) => (other.first < one.first ? other : one));
    const latest = pieces.reduce((one, other) => (other.last > one.last ? other : one));
    const head = this.#headOf(earliest);
    const tail = this.#startOfTail(latest, latest === earliest ? head : 0);
    this.#head = earliest.parts.slice(0, head);
    this.#tail = latest.parts.slice(tail);
    const between = pieces.map((piece) => ({
      piece,
      from: piece === earliest ? head : 0,
      to: piece === latest ? tail : piece.parts.length,
    }));
    this.#ends = this.#endsOf(between.filter(({ from, to }) => from < to));
  }

  /** The number of blocks. */
  get size(): number {
    return this.#head.length + this.#ends.length + this.#tail.length;
  }

  /** The block that a step is in. */
  blockOf(step: number): Block {
    const index = this.#indexOf(step);
    return { after: this.#until(index - 1), until: this.#until(index) };
  }

  /** All blocks as pieces, with `inner` beside each other in the place of the block `at`. */
  blocks(at: Block | null, inner: readonly Piece[]): Piece[] {
    const start = this.#head.length;
    const place = at ? this.#indexOf(at.until) : -1;
    const between = this.#ends.map((until, index) =>
      start + index === place ? beside(inner) : this.#piece({ after: this.#until(start + index - 1), until }),
    );
    const blocks = this.#head.concat(between, this.#tail);
    if (at) blocks[place] = beside(inner);
    this.#nester.order.work += blocks.length;
    return blocks;
  }

  /** The pieces into which a block falls by the edges that are kept so far. */
  inside(block: Block): Piece[] {
    return this.#runs(block).flatMap(({ piece, from, to }): readonly Piece[] => {
      if (to - from === piece.parts.length) return [piece];
      if (to - from > 1) return this.#loosen(piece.parts.slice(from, to));
      const part = piece.parts[from] ?? piece;
      return part.kind === 'parallel' ? part.parts : [part];
    });
  }

  #piece(block: Block): Piece {
    const runs = this.#runs(block);
    const [only] = runs;
    if (runs.length === 1 && only && only.to - only.from === 1) return only.piece.parts[only.from] ?? only.piece;
    return beside(this.inside(block));
  }

  /**
   * Several parts of one series that no cut divides from parts of other pieces: a series again, if kept edges hold them together without the rest. Otherwise each
   * component has whole pieces of each part, or none.
   */
  #loosen(parts: Piece[]): Piece[] {
    const components = this.#nester.components(stepsOf(parts));
    if (components.length === 1) return [Piece.of('series', parts)];
    return components.map((steps) => this.#nester.later('series', steps, () => this.#restrict(parts, new Set(steps))));
  }

  /** The parts of a series with those pieces only that have some of the steps. Less is in their way, so they may divide further. */
  #restrict(parts: readonly Piece[], steps: ReadonlySet<number>): Piece[] {
    return parts.flatMap((part) => {
      const pieces = (part.kind === 'parallel' ? part.parts : [part]).filter(({ first }) => steps.has(first));
      const [only] = pieces;
      if (!only) return [];
      return pieces.length === 1 ? only.parts : new Cut(this.#nester, pieces).blocks(null, []);
    });
  }

  #runs({ after, until }: Block): Run[] {
    return this.#pieces
      .map((piece) => {
        const upTo = (step: number) =>
          countWhile(0, piece.parts.length, (index) => (piece.parts[index] ?? piece).last <= step);
        return { piece, from: upTo(after), to: upTo(until) };
      })
      .filter(({ from, to }) => from < to);
  }

  #indexOf(step: number): number {
    return countWhile(0, this.size, (index) => this.#until(index) < step);
  }

  /** The greatest step of a block; -1 before the first. */
  #until(index: number): number {
    const between = index - this.#head.length;
    const part = between < 0 ? this.#head[index] : this.#tail[between - this.#ends.length];
    return part?.last ?? this.#ends[between] ?? -1;
  }

  #headOf(piece: Piece): number {
    const others = this.#pieces.filter((other) => other !== piece);
    const leads = (part: Piece) => others.every((other) => this.#nester.order.precedes(part, other.parts[0] ?? other));
    return countWhile(0, piece.parts.length, (index) => leads(piece.parts[index] ?? piece));
  }

  #startOfTail(piece: Piece, from: number): number {
    const others = this.#pieces.filter((other) => other !== piece);
    const follows = (part: Piece) =>
      others.every((other) => this.#nester.order.precedes(other.parts.at(-1) ?? other, part));
    return countWhile(from, piece.parts.length, (index) => !follows(piece.parts[index] ?? piece));
  }

  /**
   * Begins a block with the first part that is in none, and adds parts until those in it come before all that are left. Of each piece the parts that a part does not
   * come before are the first of those left, since the parts of a piece are in order.
   */
  #endsOf(runs: readonly Run[]): number[] {
    const { order } = this.#nester;
    const next = runs.map(({ from }) => from);
    let count = runs.reduce((sum, { from, to }) => sum + to - from, 0);
    const left = (index: number): Piece | undefined => {
      const run = runs[index];
      const at = next[index] ?? 0;
      return run && at < run.to ? run.piece.parts[at] : undefined;
    };
    const ends: number[] = [];
    while (count > 0) {
      const block: { readonly part: Piece; readonly of: number }[] = [];
      let until = -1;
      const take = (part: Piece, of: number): void => {
        block.push({ part, of });
        next[of] = (next[of] ?? 0) + 1;
        count--;
        until = Math.max(until, part.last);
      };
      const starts = runs.flatMap((_, of) => ({ part: left(of), of })).filter(({ part }) => part !== undefined);
      const start = starts.reduce((one, other) => ((other.part?.first ?? 0) < (one.part?.first ?? 0) ? other : one));
      if (start.part) take(start.part, start.of);
      for (const { part, of } of block) {
        if (count === 0) break;
        for (const index of runs.keys())
          for (let other = left(index); index !== of && other && !order.precedes(part, other); other = left(index))
            take(other, index);
      }
      ends.push(until);
    }
    return ends;
  }
}

/** The first index from `low` up to `high` for which `holds` is false, when it is true up to there and false after it. */
function countWhile(low: number, high: number, holds: (index: number) => boolean): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (holds(middle)) from = middle + 1;
    else to = middle;
  }
  return from;
}

function beside(pieces: readonly Piece[]): Piece {
  const [only] = pieces;
  return pieces.length === 1 && only ? only : Piece.of('parallel', [...pieces]);
}
