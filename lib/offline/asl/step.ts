import type { Json, JsonObject } from '../../contract/json.ts';
import type { Payload } from './payload.ts';

export type StateType = 'Pass' | 'Task' | 'Choice' | 'Wait' | 'Succeed' | 'Fail' | 'Parallel' | 'Map';

/** A state without its work. */
export interface StateRef {
  readonly name: string;
  readonly type: StateType;
  readonly retriers: readonly Retrier[];
  readonly catchers: readonly Catcher[];
}

/** The exit of a state: `next` is null at the end of the graph. */
export interface Step {
  readonly output: Json;
  readonly assigned: JsonObject;
  readonly next: string | null;
}

/** The action of a state once its work is done. */
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
