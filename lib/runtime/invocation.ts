import type { JsonObject } from '../contract/json.ts';
import type { StepPayload } from '../contract/payloads.ts';
import type { LogPointer } from '../contract/records.ts';
import type { Ports as RuntimePorts } from '../ports/from-environment.ts';
import type { Secrets } from './secrets.ts';
import type { StepFunction } from './step.ts';
import type { Upstream } from './trigger-rule.ts';

/** What surrounds one attempt: which handler, in which process, until when. */
export interface Invocation {
  readonly ports: Pick<RuntimePorts, 'store' | 'tokens' | 'clock'>;
  readonly handler: StepFunction;
  /** Different for every invocation that ever runs: its data keys are its own. */
  readonly invocationId: string;
  /** When the process is killed, in milliseconds of the clock; never if absent. */
  readonly deadline?: number;
  readonly logs?: LogPointer;
  /** None are declared if absent. */
  readonly secrets?: Secrets;
  /** Takes log lines; standard output if absent. */
  readonly writeLine?: (line: string) => void;
}

/** An attempt that is about to run its handler. */
export interface Work {
  readonly payload: StepPayload;
  readonly input: JsonObject;
  readonly upstream: Upstream;
  readonly fingerprint: string;
  readonly invocation: Invocation;
}
