import type { Json } from '../../contract/json.ts';

/** An event in AWS's vocabulary: `TaskStateEntered`, `TaskScheduled`, `TaskSucceeded`, `ParallelStateExited`, ... */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  /** Milliseconds of the injected clock. */
  readonly timestamp: number;
  /** Name of the state, where the event belongs to one. */
  readonly state?: string;
  readonly details?: Json;
}
