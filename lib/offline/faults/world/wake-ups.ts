import type { PipelinePlan } from '../../../compiler/plan/plan.ts';
import { placeholders } from '../../../compiler/states/placeholders.ts';
import { errorNames } from '../../../contract/error-names.ts';
import type { Json } from '../../../contract/json.ts';
import { stepIn } from '../../../contract/state-names.ts';
import type { HistoryEvent } from '../../asl/api.ts';
import type { World } from './world.ts';

/** A wait that ends at its backstop has lost a wake-up, if all producers had finished this many milliseconds earlier. */
const moment = 1_000;

/** Notices in one execution that a waiter slept on although its token was stored and all the steps that it awaits had signalled. */
export class WakeUps {
  readonly #world: World;
  readonly #awaits: ReadonlyMap<string, readonly string[]>;
  readonly #producers = new Map<string, number>();
  readonly #waiters = new Map<string, number>();

  constructor(world: World, plan: PipelinePlan) {
    this.#world = world;
    this.#awaits = new Map(plan.steps.map(({ name, awaits }) => [name, awaits]));
  }

  /** An invocation ended as far as the machine knows; `error` when it failed. */
  answered(fn: string, event: Json, error: string | null): void {
    const step = stepIn(event);
    if (step === null) return;
    const at = this.#world.clock.now();
    if (fn === placeholders.wait) {
      if (error === null) this.#waiters.set(step, at);
      else this.#waiters.delete(step);
      // A blocked step signals before it reports its end.
    } else if ((error === null || error === errorNames.blocked) && !this.#producers.has(step)) {
      this.#producers.set(step, at);
    }
  }

  notice({ type, state = '' }: HistoryEvent): void {
    if (!state.endsWith(': wait')) return;
    const step = state.slice(0, -': wait'.length);
    if (type === 'TaskScheduled') this.#waiters.delete(step);
    if (type !== 'TaskTimedOut') return;
    const parts = [this.#waiters.get(step), ...(this.#awaits.get(step) ?? []).map((name) => this.#producers.get(name))];
    const latest = this.#world.clock.now() - moment;
    if (parts.every((at) => at !== undefined && at < latest))
      this.#world.watch.violations.push(`a wake-up was lost: only its backstop ended "${state}"`);
  }
}
