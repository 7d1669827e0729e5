import { type Graph, isBefore } from '../../graph/graph.ts';
import type { Piece } from './piece.ts';

/** The order that the graph demands, and the division of sets of steps by it. Counts its work, so that a search can have a limit that does not depend on the machine. */
export class StepOrder {
  readonly #graph: Graph;
  /** Per step the greatest one that does not come after it. */
  readonly farthest: Int32Array;
  /** A set of steps as bits, empty between calls. */
  readonly #marked: Uint32Array;
  /** Steps looked at so far. */
  work = 0;

  constructor(graph: Graph) {
    const count = graph.names.length;
    this.#graph = graph;
    this.#marked = new Uint32Array((count + 31) >>> 5);
    this.farthest = Int32Array.from(graph.reach, (after, step) => {
      let far = count - 1;
      while (far > step && isBefore(graph, step, far))
        far = after[far >>> 5] === 0xffff_ffff ? (far & ~31) - 1 : far - 1;
      return Math.max(far, step);
    });
  }

  /** True if two different steps have no order. */
  areFree(a: number, b: number): boolean {
    return !(a < b ? isBefore(this.#graph, a, b) : isBefore(this.#graph, b, a));
  }

  /** True if every step of one piece comes before every step of the other. Of a series, the last part and the first part decide. */
  precedes(before: Piece, after: Piece): boolean {
    this.work++;
    if (before.far < after.first) return true;
    if (before.last > after.first || !isBefore(this.#graph, before.first, after.last)) return false;
    if (before.kind === 'step') return this.#stepPrecedes(before.first, after);
    if (before.steps) return before.steps.every((step) => this.#stepPrecedes(step, after));
    if (before.kind === 'parallel') return before.parts.every((part) => this.precedes(part, after));
    const last = before.parts.at(-1);
    return last !== undefined && this.precedes(last, after);
  }

  #stepPrecedes(before: number, after: Piece): boolean {
    this.work++;
    if ((this.farthest[before] ?? after.first) < after.first) return true;
    if (!isBefore(this.#graph, before, after.first) || !isBefore(this.#graph, before, after.last)) return false;
    if (after.kind === 'step') return true;
    if (after.steps) return after.steps.every((step) => isBefore(this.#graph, before, step));
    if (after.kind === 'parallel') return after.parts.every((part) => this.#stepPrecedes(before, part));
    const first = after.parts[0];
    return first !== undefined && this.#stepPrecedes(before, first);
  }

  /**
   * The finest sequence of blocks of the steps in which every step of a block comes before every step of the next, as the greatest step of each block. The blocks
   * are runs of the topological order: a block ends where no step so far is free of a later one. `steps` are ascending.
   */
  blocks(steps: Int32Array): number[] {
    const marked = this.#marked;
    const last = steps[steps.length - 1] ?? -1;
    for (const step of steps) marked[step >>> 5] = (marked[step >>> 5] ?? 0) | (1 << (step & 31));
    const ends: number[] = [];
    let far = -1;
    for (const step of steps) {
      far = Math.max(far, step);
      far = Math.max(far, this.#lastFree(step, far, last));
      if (far === step) ends.push(step);
      if (far === last) break;
    }
    if (ends[ends.length - 1] !== last) ends.push(last);
    for (const step of steps) marked[step >>> 5] = 0;
    return ends;
  }

  /** The greatest marked step that does not come after `step`, if it is greater than `above`; otherwise some smaller number. */
  #lastFree(step: number, above: number, last: number): number {
    const marked = this.#marked;
    const after = this.#graph.reach[step] ?? marked;
    const top = Math.min(last, this.farthest[step] ?? last) >>> 5;
    let word = top;
    let free = 0;
    for (; word >= above >>> 5; word--) {
      free = (marked[word] ?? 0) & ~(after[word] ?? 0);
      if (free !== 0) break;
    }
    this.work += 1 + ((top - word) >>> 3);
    return free === 0 ? -1 : (word << 5) + 31 - Math.clz32(free);
  }
}
