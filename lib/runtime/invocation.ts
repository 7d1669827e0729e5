import type { JsonObject } from '../contract/json.ts';
import type { Checkpoint, InvocationRank } from '../contract/records/checkpoint.ts';
import type { LogPointer } from '../contract/records/failure.ts';
import type { StepProgress } from '../contract/records/progress.ts';
import type { StepPayload } from '../contract/resolve-event.ts';
import type { Engine } from '../duckdb/open-engine.ts';
import type { Ports as RuntimePorts } from '../ports/from-environment.ts';
import type { Upstream } from './records/trigger-rule.ts';
import type { Redactor } from './secrets/redactor.ts';
import type { Secrets } from './secrets/secrets.ts';
import type { StepFunction } from './step.ts';

/** The surroundings of one attempt: which handler, in which process, until when. */
export interface Invocation {
  readonly ports: Pick<RuntimePorts, 'store' | 'tokens' | 'clock' | 'events'>;
  readonly handler: StepFunction;
  /** Different for every invocation that ever runs: its data keys are its own. */
  readonly invocationId: string;
  /** The time at which the process is killed, in milliseconds of the clock; never if absent. */
  readonly deadline?: number;
  readonly logs?: LogPointer;
  /** None are declared if absent. */
  readonly secrets?: Secrets;
  /** Knows the secrets that must not be written; one of the attempt's own if absent. */
  readonly redactor?: Redactor;
  /** The process's query engine if absent. */
  readonly openEngine?: () => Promise<Pick<Engine, 'session'>>;
  /** 0 <= x < 1: the share of a jittered delay. Math.random if absent. */
  readonly random?: () => number;
  /** Takes log lines; standard output if absent. */
  readonly writeLine?: (line: string) => void;
}

/** The known facts about a step's attempts when one of them starts its handler. */
export interface Standing {
  readonly startedAt: string;
  /** The record of the attempt before this one; null when there was none. */
  readonly earlier: StepProgress | null;
  /** Earlier attempts that spent the step's own budget. */
  readonly stepErrors: number;
}

/** An attempt that may be spread over many invocations, as one of them knows it. */
export interface LongAttempt {
  readonly rank: InvocationRank;
  /** The start of the attempt and the end of its time, in milliseconds of the clock. */
  readonly startedAt: number;
  readonly deadline: number;
  /** Invocations of the attempt, this one included. */
  readonly invocations: number;
  /** The position at which it continues; null at the beginning. */
  readonly checkpoint: Checkpoint | null;
}

/** An attempt that is about to run its handler. */
export interface Work {
  readonly payload: StepPayload;
  readonly input: JsonObject;
  readonly upstream: Upstream;
  readonly fingerprint: string;
  /** Etag of a manifest of this fingerprint whose data is damaged. */
  readonly replaces?: string;
  /** Null for a step that must finish in one invocation. */
  readonly long: LongAttempt | null;
  readonly standing: Standing;
  readonly invocation: Invocation;
}
