import type { JsonObject } from '../../contract/json.ts';
import type { StateRef, Step } from './step.ts';
import type { Visit } from './visit.ts';

/** A definition that was checked as a whole and can be run any number of times. */
export interface Machine {
  readonly definition: JsonObject;
  readonly graph: StateGraph;
  readonly timeoutSeconds: number | null;
}

/** States with an entry: the machine itself, a branch of a Parallel, or a Map's processor. */
export interface StateGraph {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

/** A state as loaded: every reference checked, every expression compiled. */
export interface State extends StateRef {
  /** Does the state's work once; called again for each retry. Throws a StateFailure when it fails. */
  run(visit: Visit): Promise<Step>;
}
