/** The interface of the interpreter of the Amazon States Language. It knows nothing of pipelines: Daybreak's engine plugs in tasks, clock and chance. */
import type { Json } from '../../contract/json.ts';
import type { Clock } from '../../ports/ports.ts';
import type { HistoryEvent } from './history-event.ts';
import type { Journal } from './journal.ts';

export type { HistoryEvent } from './history-event.ts';

/** One call of a Task state. */
export interface TaskCall {
  /** The Resource, less the partition: `states:::lambda:invoke`, `states:::lambda:invoke.waitForTaskToken`, `states:::sqs:sendMessage`. */
  readonly resource: string;
  readonly arguments: Json;
  readonly state: string;
  /** From 0. */
  readonly retryCount: number;
  /** Set for `.waitForTaskToken`: the same token stands in the context object at `State`'s `Task.Token`. */
  readonly token: string | null;
  /** Fires when the state timed out or the execution ended: its work may stop. */
  readonly signal: AbortSignal;
}

/** A failed task or execution, by the name that retriers match. */
export class TaskFailure extends Error {
  override readonly name = 'TaskFailure';
  readonly error: string;
  override readonly cause: string;
  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.error = error;
    this.cause = cause;
  }
}

/** Runs a Task: resolves with its raw result, rejects with a TaskFailure. For `.waitForTaskToken` the result is ignored; the token's answer counts. */
export type TaskRunner = (call: TaskCall) => Promise<Json>;

export interface ExecutionOptions {
  readonly arn: string;
  readonly name: string;
  readonly input: Json;
  readonly clock: Clock;
  /** 0 <= x < 1; used for jitter. */
  readonly random: () => number;
  readonly runTask: TaskRunner;
  readonly onEvent?: (event: HistoryEvent) => void;
  /** Fires to abort the execution (status ABORTED). */
  readonly signal?: AbortSignal;
  /** Context object's Execution.RedriveCount; 0 by default. Above 0 this is a redrive: it enters the states that the journal has no exit of, and no others. */
  readonly redriveCount?: number;
  /** Context object's Execution.StartTime (ISO 8601), for a redrive; else the clock's time. */
  readonly startTime?: string;
  /** Events that the history of a redriven execution has already. */
  readonly earlierEvents?: number;
  /** Makes the execution redrivable, and is what a redrive goes by. */
  readonly journal?: Journal;
  /** Context object's Execution.RoleArn. */
  readonly roleArn?: string;
}

export interface ExecutionResult {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly output: Json | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  /** State entries, as AWS bills them, retries included. */
  readonly transitions: number;
  /** Length of the history, that of earlier redrives included. */
  readonly events: number;
}

export interface RunningExecution {
  readonly result: Promise<ExecutionResult>;
  /** SendTaskSuccess: false if no state waits for this token now. */
  succeedTask(token: string, output: Json): boolean;
  failTask(token: string, error: string, cause: string): boolean;
}
