/** The facts about a piece that are known before its parts. */
interface Extent {
  readonly first: number;
  readonly last: number;
  readonly size: number;
  readonly far: number;
}

/**
 * A nested set of steps: one step, a series of pieces, or pieces in parallel. Steps are indexes into the graph's topological order. The parts of a series are
 * steps and parallels, the parts of a parallel are steps and series. Only the parts of a parallel ever change, and they hold the same steps afterwards.
 */
export class Piece {
  readonly kind: 'step' | 'series' | 'parallel';
  /** The least and the greatest step inside. */
  readonly first: number;
  readonly last: number;
  /** The number of steps inside. */
  readonly size: number;
  /** The greatest step of the graph that does not come after every step inside. */
  readonly far: number;
  /** Of a piece whose parts are made later, its steps, ascending. */
  readonly steps: Int32Array | null;
  /** The piece around this one, and its index among the parts of a parallel. Only valid inside of a nesting. */
  around: Piece | null = null;
  at = 0;
  /** Number of the last walk that passed here, and the part that it came from; see `Nesting`. */
  walk = 0;
  from: Piece | null = null;
  #parts: Piece[] | (() => Piece[]);
  #height = -1;

  private constructor(
    kind: Piece['kind'],
    parts: Piece[] | (() => Piece[]),
    { first, last, size, far }: Extent,
    steps: Int32Array | null = null,
  ) {
    this.kind = kind;
    this.#parts = parts;
    this.first = first;
    this.last = last;
    this.size = size;
    this.far = far;
    this.steps = steps;
  }

  /** `far` is the greatest step of the graph that does not come after this one. */
  static step(step: number, far: number): Piece {
    const piece: Piece = new Piece('step', () => [piece], { first: step, last: step, size: 1, far });
    return piece;
  }

  /** A piece of several steps, ascending, whose parts are made when they are needed. */
  static later(kind: 'series' | 'parallel', steps: Int32Array, far: number, parts: () => Piece[]): Piece {
    const size = steps.length;
    return new Piece(kind, parts, { first: steps[0] ?? -1, last: steps[size - 1] ?? -1, size, far }, steps);
  }

  static of(kind: 'series' | 'parallel', parts: Piece[]): Piece {
    let first = Number.POSITIVE_INFINITY;
    let [last, size, far] = [-1, 0, -1];
    for (const part of parts) {
      if (part.first < first) first = part.first;
      if (part.last > last) last = part.last;
      if (part.far > far) far = part.far;
      size += part.size;
    }
    return new Piece(kind, parts, { first, last, size, far });
  }

  /** In a series in their order, so ascending; in a parallel in any order. A step is its own only part. */
  get parts(): Piece[] {
    if (typeof this.#parts === 'function') this.#parts = this.#parts();
    return this.#parts;
  }

  /** The depth of nested parallels here, or a little more. */
  get height(): number {
    if (this.#height < 0) {
      let inside = 0;
      if (this.kind !== 'step') for (const part of this.parts) inside = Math.max(inside, part.height);
      this.#height = this.kind === 'parallel' ? inside + 1 : inside;
    }
    return this.#height;
  }

  /** For a part that has changed: the height is at least this much. */
  raise(height: number): void {
    this.#height = Math.max(this.height, height);
  }
}

/** The steps of pieces, ascending. */
export function stepsOf(pieces: readonly Piece[]): Int32Array {
  const steps: number[] = [];
  const collect = (piece: Piece): void => {
    if (piece.kind === 'step') steps.push(piece.first);
    else for (const part of piece.parts) collect(part);
  };
  for (const piece of pieces) collect(piece);
  return Int32Array.from(steps).sort();
}
