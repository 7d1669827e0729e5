import type { JsonObject } from '../../contract/json.ts';
import type { Layout } from '../plan/plan.ts';
import { nothing, type States } from './step-states.ts';

/** Emits the states of one step that goes on to `next`, or ends its branch when that is null. */
export type EmitStep = (step: string, next: string | null) => States;

/** Emits a nesting of steps as sequences and Parallel states. Names of Parallel states count through the whole machine, since names are unique there. */
export class LayoutStates {
  readonly #emitStep: EmitStep;
  #parallels = 0;

  constructor(emitStep: EmitStep) {
    this.#emitStep = emitStep;
  }

  emit(layout: Layout, next: string | null): States {
    if (layout.kind === 'step') return this.#emitStep(layout.step, next);
    return layout.kind === 'series' ? this.#series(layout.parts, next) : this.#parallel(layout.parts, next);
  }

  /** From the last part to the first, since each needs to know where the next one starts. */
  #series(parts: readonly Layout[], next: string | null): States {
    let start = next;
    const emitted: States[] = [];
    for (const part of [...parts].reverse()) {
      const states = this.emit(part, start);
      emitted.unshift(states);
      start = states.start;
    }
    if (start === null) throw new Error('a sequence of no steps');
    return { start, states: Object.assign({}, ...emitted.map(({ states }) => states)) };
  }

  #parallel(parts: readonly Layout[], next: string | null): States {
    this.#parallels += 1;
    const name = `Parallel ${this.#parallels}`;
    const branches = parts.map((part): JsonObject => {
      const { start, states } = this.emit(part, null);
      return { StartAt: start, States: states };
    });
    return {
      start: name,
      states: {
        [name]: {
          Type: 'Parallel',
          Branches: branches,
          Output: nothing,
          ...(next === null ? { End: true } : { Next: next }),
        },
      },
    };
  }
}
