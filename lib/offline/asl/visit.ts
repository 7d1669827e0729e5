import type { Json, JsonObject } from '../../contract/json.ts';
import type { Branch, MapItem } from './branch.ts';
import { checkSize, largestVariables } from './limits.ts';
import type { Payload, Sight } from './payload.ts';
import { StateFailure } from './state-failure.ts';
import type { Exit, StateRef, Step } from './step.ts';

/** Members of `$states` besides input and context. */
export interface Shown {
  readonly result?: Json;
  readonly errorOutput?: JsonObject;
  /** In the place of the branch's own item: a Map's ItemSelector sees the item that it makes an input of. */
  readonly item?: MapItem;
}

/** One stay in a state, all its attempts included: what `run` of a state works with. */
export class Visit {
  readonly branch: Branch;
  readonly state: StateRef;
  readonly input: Json;
  readonly enteredTime: string;
  /** Name of the visit in the journal. */
  readonly id: string;
  retryCount = 0;
  /** The attempt of a Parallel or Map as the journal counts them. */
  attempt: number | null = null;
  /** The token that the running attempt waits for. */
  token: string | null = null;

  constructor(branch: Branch, state: StateRef, input: Json) {
    this.branch = branch;
    this.state = state;
    this.input = input;
    this.id = branch.visit;
    this.enteredTime = branch.execution.timestamp();
  }

  emit(type: string, details?: Json): number {
    const about = { state: this.state.name, ...(details !== undefined && { details }) };
    return this.branch.execution.history.add(this.branch, type, about);
  }

  async evaluate(payload: Payload, shown: Shown = {}): Promise<Json> {
    return payload.constant ? payload.evaluate(nothing) : payload.evaluate(this.#sight(shown));
  }

  /** Evaluates Assign and Output, both before either takes effect, and says where to go. */
  async leave(exit: Exit, output: Json, shown: Shown = {}): Promise<Step> {
    const assigned = exit.assign === null ? {} : ((await this.evaluate(exit.assign, shown)) as JsonObject);
    const given = exit.output === null ? output : await this.evaluate(exit.output, shown);
    this.#checkVariables(assigned);
    checkSize(given, `The output of state '${this.state.name}'`);
    return { output: given, assigned, next: exit.next };
  }

  #checkVariables(assigned: JsonObject): void {
    if (Object.keys(assigned).length === 0) return;
    checkSize(assigned, `The variables assigned in state '${this.state.name}'`);
    const all = JSON.stringify({ ...this.branch.variables, ...assigned });
    if (Buffer.byteLength(all) > largestVariables) {
      throw new StateFailure('States.DataLimitExceeded', `The variables are larger than ${largestVariables} bytes.`);
    }
  }

  #sight({ item = this.branch.item ?? undefined, ...shown }: Shown): Sight {
    const { execution, variables } = this.branch;
    const context = {
      ...execution.context,
      State: {
        Name: this.state.name,
        EnteredTime: this.enteredTime,
        ...(retried.has(this.state.type) && { RetryCount: this.retryCount }),
      },
      ...(this.token !== null && { Task: { Token: this.token } }),
      ...(item !== undefined && { Map: { Item: { ...item } } }),
    };
    return {
      bindings: { ...variables, states: { input: this.input, context, ...shown } },
      around: { random: execution.options.random, millis: execution.options.clock.now() },
    };
  }
}

/** State types whose context object has a RetryCount. */
const retried: ReadonlySet<string> = new Set(['Task', 'Parallel', 'Map']);

const nothing: Sight = { bindings: {}, around: { random: () => 0, millis: 0 } };
