import type { Graph } from '../graph/graph.ts';
import { type Arrangement, arrange, type Required } from './arrange.ts';

/**
 * How much searching one pipeline may cost, in steps looked at. A count instead of a time, so that a template always compiles to the same machine;
 * about 0.1 s on one core when it is used up.
 */
const searchBudget = 250_000;

/** Rebuilding stops after so many tries that found nothing better. */
const patience = 60;

/** A nesting of the whole graph, and the steps some of whose dependencies it leaves to a wait. */
export interface WaitChoice {
  readonly arrangement: Arrangement;
  readonly required: Required;
}

/**
 * Chooses which steps wait, so that few do. A set of waiting steps is feasible when a nesting keeps every edge into the other steps (see `arrange`); adding a
 * step to a feasible set keeps it feasible, and all steps waiting is feasible. Starting there, steps are taken out one by one while the set stays feasible,
 * in several orders; then parts of the set are thrown open again and rebuilt. Deterministic.
 */
export function chooseWaits(graph: Graph): WaitChoice {
  const all = graph.names.map((_, index) => index);
  const search = new Search(graph, all);
  const required = search.keepMoreEdges(search.smallestSet());
  const arrangement = arrange(graph, all, required);
  if (arrangement === null) throw new Error('a nesting was found feasible and then was not');
  return { arrangement, required };
}

class Search {
  readonly #graph: Graph;
  readonly #all: readonly number[];
  /** Steps that could wait: those with dependencies. */
  readonly #candidates: readonly number[];
  #budget = searchBudget;
  #seed = 0x9e3779b9;

  constructor(graph: Graph, all: readonly number[]) {
    this.#graph = graph;
    this.#all = all;
    this.#candidates = all.filter((step) => (graph.reduced[step]?.length ?? 0) > 0);
  }

  smallestSet(): Set<number> {
    if (this.#feasible(new Set())) return new Set();
    const inDegree = (step: number) => this.#graph.reduced[step]?.length ?? 0;
    // Where only steps with several dependencies wait, what is left is a forest, which always nests: a good start that costs little.
    const joins = this.#candidates.filter((step) => inDegree(step) > 1);
    let best = this.#shrink(new Set(joins), joins);
    const ascending = [...this.#candidates].sort((a, b) => inDegree(a) - inDegree(b) || a - b);
    for (const order of [ascending, [...ascending].reverse(), [...this.#candidates].reverse()]) {
      if (this.#budget <= 0) break;
      const other = this.#shrink(new Set(this.#candidates), order);
      if (other.size < best.size) best = other;
    }
    return this.#rebuild(best);
  }

  /** Throws a few steps open again and takes out what is not needed, as long as the budget lasts. */
  #rebuild(start: Set<number>): Set<number> {
    let best = start;
    let current = start;
    for (let idle = 0; idle < patience && this.#budget > 0 && best.size > 1; idle++) {
      const opened = new Set(current);
      const count = 1 + this.#random(Math.max(2, Math.ceil(this.#candidates.length / 6)));
      for (let i = 0; i < count; i++) opened.add(this.#candidates[this.#random(this.#candidates.length)] ?? 0);
      const next = this.#shrink(opened, this.#shuffle([...opened]));
      if (next.size <= current.size) current = next;
      if (current.size < best.size) {
        best = current;
        idle = 0;
      }
    }
    return best;
  }

  /** Takes steps out of a feasible set in the given order while it stays feasible. */
  #shrink(set: ReadonlySet<number>, order: readonly number[]): Set<number> {
    const smaller = new Set(set);
    for (const step of order) {
      if (this.#budget <= 0) break;
      smaller.delete(step);
      if (!this.#feasible(smaller)) smaller.add(step);
    }
    return smaller;
  }

  /** For each waiting step, edges that the nesting can keep after all: fewer outcomes to await, and a drawing that people recognise. */
  keepMoreEdges(waiting: ReadonlySet<number>): Required {
    const required = this.#required(waiting).map((edges) => [...edges]);
    for (const step of waiting) {
      for (const before of [...(this.#graph.reduced[step] ?? [])].reverse()) {
        required[step]?.push(before);
        if (arrange(this.#graph, this.#all, required) === null) required[step]?.pop();
      }
    }
    return required;
  }

  #feasible(waiting: ReadonlySet<number>): boolean {
    this.#budget -= this.#all.length;
    return arrange(this.#graph, this.#all, this.#required(waiting)) !== null;
  }

  #required(waiting: ReadonlySet<number>): Required {
    return this.#graph.reduced.map((edges, step) => (waiting.has(step) ? [] : edges));
  }

  #shuffle(items: number[]): number[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.#random(i + 1);
      [items[i], items[j]] = [items[j] ?? 0, items[i] ?? 0];
    }
    return items;
  }

  /** A whole number below `limit` (xorshift32: the search needs variety, not quality). */
  #random(limit: number): number {
    this.#seed ^= this.#seed << 13;
    this.#seed ^= this.#seed >>> 17;
    this.#seed ^= this.#seed << 5;
    return (this.#seed >>> 0) % limit;
  }
}
