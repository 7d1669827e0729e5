import type { Json, JsonObject } from '../../contract/json.ts';
import type { Payload } from './payload.ts';
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

export type StateType = 'Pass' | 'Task' | 'Choice' | 'Wait' | 'Succeed' | 'Fail' | 'Parallel' | 'Map';

/** A state as loaded: every reference checked, every expression compiled. */
export interface State {
  readonly name: string;
  readonly type: StateType;
  readonly retriers: readonly Retrier[];
  readonly catchers: readonly Catcher[];
  /** Does the state's work once; called again for each retry. Throws a StateFailure when it fails. */
  run(visit: Visit): Promise<Step>;
}

/** How a state was left: `next` is null at the end of the graph. */
export interface Step {
  readonly output: Json;
  readonly assigned: JsonObject;
  readonly next: string | null;
}

/** What a state does when its work is done. */
export interface Exit {
  readonly next: string | null;
  readonly assign: Payload | null;
  readonly output: Payload | null;
}

export interface Retrier {
  readonly errors: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds: number | null;
  readonly jitter: boolean;
}

export interface Catcher {
  readonly errors: readonly string[];
  readonly exit: Exit;
}
