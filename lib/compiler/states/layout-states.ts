import type { JsonObject } from '../../contract/json.ts';
import type { Layout } from '../plan/plan.ts';
import { type FailureExit, mostSharing } from './failure-states.ts';
import { nothing, type States, toNext } from './states.ts';

/** Emits the states of single steps, for a layout that nests them. */
export interface StepEmitter {
  startOf(step: string): string;
  /** The states of a step; `next` is null at the end of a branch. */
  emit(step: string, next: string | null, afterFailure: string): JsonObject;
  /** The first state of a failure's way that these steps share, and its states once all of them are known. `number` tells one way from another. */
  failureName(steps: readonly string[], number: number): string;
  failureStates(exits: readonly FailureExit[], number: number): JsonObject;
  /** The state after the failure of a step. */
  afterFailed(step: string, next: string | null): string;
}

/** Emits a nesting of steps as sequences and Parallel states. Names count through the whole machine, since they are unique there. */
export class LayoutStates {
  readonly #steps: StepEmitter;
  readonly #parallels = new Map<Layout, string>();
  #failures = 0;

  constructor(steps: StepEmitter) {
    this.#steps = steps;
  }

  emit(layout: Layout, next: string): States {
    this.#nameParallels(layout);
    return this.#graph(layout, next);
  }

  #nameParallels(layout: Layout): void {
    if (layout.kind === 'step') return;
    if (layout.kind === 'parallel') this.#parallels.set(layout, `Parallel ${this.#parallels.size + 1}`);
    for (const part of layout.parts) this.#nameParallels(part);
  }

  #startOf(layout: Layout): string {
    if (layout.kind === 'step') return this.#steps.startOf(layout.step);
    const [first] = layout.parts;
    if (!first) throw new Error('a sequence of no steps');
    return layout.kind === 'series' ? this.#startOf(first) : (this.#parallels.get(layout) ?? '');
  }

  /** The machine itself, or one branch: all that is in sequence, and the ways of its failures. */
  #graph(layout: Layout, next: string | null): States {
    const parts = layout.kind === 'series' ? layout.parts : [layout];
    const places = parts.map((part, index) => {
      const following = parts[index + 1];
      return { part, next: following ? this.#startOf(following) : next };
    });
    const failures = this.#failureWays(places);
    const states = places.map(({ part, next: after }) => {
      if (part.kind === 'step') return this.#steps.emit(part.step, after, failures.nameOf.get(part.step) ?? '');
      return part.kind === 'parallel' ? this.#parallel(part, after) : {};
    });
    return { start: this.#startOf(layout), states: Object.assign({}, ...states, failures.states) };
  }

  #failureWays(places: readonly { readonly part: Layout; readonly next: string | null }[]) {
    const exits = places.flatMap(({ part, next }) =>
      part.kind === 'step' ? [{ step: part.step, next: this.#steps.afterFailed(part.step, next) }] : [],
    );
    const nameOf = new Map<string, string>();
    const states: JsonObject[] = [];
    for (let begin = 0; begin < exits.length; begin += mostSharing) {
      const sharing = exits.slice(begin, begin + mostSharing);
      this.#failures += 1;
      const names = sharing.map(({ step }) => step);
      for (const step of names) nameOf.set(step, this.#steps.failureName(names, this.#failures));
      states.push(this.#steps.failureStates(sharing, this.#failures));
    }
    return { nameOf, states: Object.assign({}, ...states) as JsonObject };
  }

  #parallel(layout: Layout & { readonly kind: 'parallel' | 'series' }, next: string | null): JsonObject {
    const branches = layout.parts.map((part): JsonObject => {
      const { start, states } = this.#graph(part, null);
      return { StartAt: start, States: states };
    });
    return { [this.#startOf(layout)]: { Type: 'Parallel', Branches: branches, Output: nothing, ...toNext(next) } };
  }
}
