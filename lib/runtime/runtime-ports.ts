import type { Clock, Executions, ObjectStore, TaskTokens } from '../ports/ports.ts';

/** What the protocol functions need from outside; `simulate` and tests pass memory and a virtual clock. */
export interface RuntimePorts {
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly tokens: TaskTokens;
  readonly executions: Executions;
}
