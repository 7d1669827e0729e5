import { randomUUID } from 'node:crypto';
import { PermanentError } from '../contract/errors.ts';
import type { JsonObject } from '../contract/json.ts';
import { type StepAnswer, stepEvent } from '../contract/payloads.ts';
import { resolveStep } from '../contract/resolve-event.ts';
import { runStep } from './attempt/run-step.ts';
import { processPorts } from './execution/platform-handler.ts';
import { awaitStragglers } from './handler/await-stragglers.ts';
import { traceFetch } from './handler/traced-fetch.ts';
import { parseEvent } from './parse-event.ts';
import type { StepName } from './pipeline-types.ts';
import { processPlan } from './read-plan.ts';
import { guardOutput } from './secrets/guard-output.ts';
import { Redactor } from './secrets/redactor.ts';
import { type Secrets, secretsFromEnvironment } from './secrets/secrets.ts';
import type { AnyCheckpoint, Step, StepFunction } from './step.ts';
import type { ConfigOf, InputOf, StepOf } from './typed-step.ts';

/** The part of Lambda's context that the runtime uses. */
export interface FunctionContext {
  readonly awsRequestId: string;
  readonly logGroupName?: string;
  readonly logStreamName?: string;
  getRemainingTimeInMillis(): number;
}

/** A step as Lambda calls it. `stepFunction` is the defined function, for tests that call it with their own step. */
export interface StepHandler<Input = JsonObject, Config = JsonObject, Result = unknown> {
  (event: unknown, context: FunctionContext): Promise<StepAnswer>;
  readonly stepFunction: (step: Step<Input, Config>) => Result;
  /** The names that it was defined with, `pipeline.step`; null without a name. */
  readonly steps?: readonly string[] | null;
}

let secrets: Secrets | undefined;

/** Knows the secrets of this process: they stay in the memory of a warm function. */
const redactor = new Redactor();

/**
 * Makes a step of a function: the function's return value is the step's result, and an error that it throws fails the attempt. With the name of a step of the template, `pipeline.step`, names,
 * columns and results have the types that `daybreak types` has written, also the result that steps below it see. A handler of several steps names them all.
 */
export function defineStep<const Name extends StepName, Result, Checkpoint = AnyCheckpoint>(
  name: Name | readonly Name[],
  stepFunction: (step: StepOf<Name, Checkpoint>) => Result,
): StepHandler<InputOf<Name>, ConfigOf<Name>, Result>;
export function defineStep<
  Input extends object = JsonObject,
  Config extends object = JsonObject,
  Checkpoint = AnyCheckpoint,
  Result = unknown,
>(stepFunction: (step: Step<Input, Config, Checkpoint>) => Result): StepHandler<Input, Config, Result>;
export function defineStep<Name extends StepName, Result = unknown, Checkpoint = AnyCheckpoint>(
  stepFunction: (step: StepOf<Name, Checkpoint>) => Result,
): StepHandler<InputOf<Name>, ConfigOf<Name>, Result>;
export function defineStep(
  ...given: readonly [StepFunction] | readonly [name: string | readonly string[], StepFunction]
): StepHandler {
  prepareProcess();
  const [names, stepFunction] = given.length === 1 ? [null, given[0]] : [[given[0]].flat(), given[1]];
  const handler = async (event: unknown, context: FunctionContext): Promise<StepAnswer> => {
    const payload = resolveStep(parseEvent(stepEvent, event), await processPlan());
    if (names) checkName(`${payload.run.pipeline}.${payload.step.name}`, names);
    const ports = await processPorts();
    secrets ??= secretsFromEnvironment(process.env, ports.clock);
    const { logGroupName: group, logStreamName: stream } = context;
    return runStep(payload, {
      ports,
      handler: awaitStragglers(stepFunction),
      // Lambda repeats a request under the same id.
      invocationId: `${context.awsRequestId}-${randomUUID().slice(0, 8)}`,
      deadline: ports.clock.now() + context.getRemainingTimeInMillis(),
      secrets,
      redactor,
      ...(group && stream && { logs: { group, stream } }),
    });
  };
  return Object.assign(handler, { stepFunction, steps: names });
}

/** Throws a PermanentError if the step that runs is none of those that the handler is written for. */
function checkName(step: string, names: readonly string[]): void {
  if (names.includes(step)) return;
  const written = names.map((name) => `"${name}"`).join(', ');
  throw new PermanentError(
    `this is the step "${step}", but its handler is made by defineStep for ${written}; add the name there, as in defineStep(['${step}', ...], ...)`,
  );
}

let prepared = false;

/** Once, in a function of a pipeline; not in a test that loads the module of one. */
function prepareProcess(): void {
  if (prepared || process.env.DAYBREAK_STORE === undefined) return;
  prepared = true;
  redactor.addEnvironment(process.env);
  guardOutput(redactor);
  traceFetch();
}
