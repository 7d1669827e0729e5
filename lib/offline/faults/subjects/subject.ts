import type { PipelinePlan } from '../../../compiler/plan/plan.ts';
import type { CompiledMachine } from '../../../compiler/states/emit-machine.ts';
import type { JsonObject } from '../../../contract/json.ts';
import type { ObjectStore } from '../../../ports/ports.ts';
import type { Secrets } from '../../../runtime/secrets/secrets.ts';
import type { StepFunction } from '../../../runtime/step.ts';

/** A pipeline that the bench can run: compiled, and with handlers that can be called in this process. */
export interface Subject {
  readonly plan: PipelinePlan;
  /** `broken`: the step whose code has a mistake in this version, if any; it is compiled like another version of the handler. */
  machine(broken: string | null): CompiledMachine;
  readonly handlers: ReadonlyMap<string, StepFunction>;
  readonly input: JsonObject;
  secretsOf?(step: string): Secrets;
  /** The way in which a killed invocation learns of it: not at all, or by errors that let its handler close real connections. Its later actions have no effect either way. */
  readonly dies?: 'silently' | 'loudly';
  /** Puts what the handlers read into a new store. */
  furnish?(store: ObjectStore): Promise<void>;
}
