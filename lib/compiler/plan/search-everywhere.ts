import type { Graph } from '../graph/graph.ts';
import { Nesting } from './nesting/nesting.ts';
import { Random } from './random.ts';

/** Larger graphs have no second search: there it finds nothing that `improveWaits` has not found. */
const largestGraph = 250;

/** The limit of the search: each try of a step counts all steps of the graph. It counts steps instead of time, so a template always compiles to the same machine. */
const mostWork = 250_000;

/** The search ends after so many rounds in a row without fewer waits. */
const patience = 60;

/** A nesting, and the steps that wait in it. */
interface Found {
  readonly nesting: Nesting;
  readonly waiting: ReadonlySet<number>;
}

/**
 * A second search for few waits, which does not depend on regions: it starts from three other orders, then lets any steps of the graph wait as well and takes
 * back all that it can. About one graph in fifty has a wait less for it. Null for a large graph.
 */
export function searchEverywhere(graph: Graph): Nesting | null {
  return graph.names.length > largestGraph ? null : new Search(graph).run();
}

class Search {
  readonly #graph: Graph;
  /** The steps with dependencies. */
  readonly #candidates: readonly number[];
  readonly #random = new Random();
  #work = 0;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#candidates = [...graph.reduced.keys()].filter((step) => this.#edges(step).length > 0);
  }

  run(): Nesting {
    let best = this.#start();
    let current = best;
    for (let idle = 0; idle < patience && !this.#isSpent() && best.waiting.size > 1; idle++) {
      const opened = new Set(current.waiting);
      const more = 1 + this.#random.below(Math.max(2, Math.ceil(this.#candidates.length / 6)));
      for (let i = 0; i < more; i++) opened.add(this.#candidates[this.#random.below(this.#candidates.length)] ?? 0);
      const next = this.#takeBack(opened, this.#random.shuffle([...opened]));
      if (next.waiting.size <= current.waiting.size) current = next;
      if (current.waiting.size < best.waiting.size) [best, idle] = [current, 0];
    }
    return best.nesting;
  }

  /** The best of four orders. The first lets only steps with several dependencies wait: the other edges are a forest, which always nests. */
  #start(): Found {
    const joins = this.#candidates.filter((step) => this.#edges(step).length > 1);
    const ascending = [...this.#candidates].sort((a, b) => this.#edges(a).length - this.#edges(b).length || a - b);
    let best = this.#takeBack(new Set(joins), joins);
    for (const order of [ascending, [...ascending].reverse(), [...this.#candidates].reverse()]) {
      if (this.#isSpent()) break;
      const found = this.#takeBack(new Set(this.#candidates), order);
      if (found.waiting.size < best.waiting.size) best = found;
    }
    return best;
  }

  /** Nests the graph with the given steps waiting, then keeps the edges of those steps too, in the given order, where a nesting can. */
  #takeBack(opened: ReadonlySet<number>, order: readonly number[]): Found {
    const nesting = new Nesting(this.#graph);
    for (const step of this.#candidates) if (!opened.has(step)) nesting.keep(step, this.#edges(step));
    const waiting = new Set(opened);
    for (const step of order) {
      if (this.#isSpent()) break;
      this.#work += this.#graph.names.length;
      waiting.delete(step);
      // A step that has to wait moves to the end of the set, so the next round tries the steps in another order.
      if (!nesting.keep(step, this.#edges(step))) waiting.add(step);
    }
    return { nesting, waiting };
  }

  #edges(step: number): readonly number[] {
    return this.#graph.reduced[step] ?? [];
  }

  #isSpent(): boolean {
    return this.#work >= mostWork;
  }
}
