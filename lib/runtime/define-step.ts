import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../contract/json.ts';
import { type StepAnswer, stepEvent } from '../contract/payloads.ts';
import { resolveStep } from '../contract/resolve-event.ts';
import { runStep } from './attempt/run-step.ts';
import { processPorts } from './execution/platform-handler.ts';
import { awaitStragglers } from './handler/await-stragglers.ts';
import { traceFetch } from './handler/traced-fetch.ts';
import { parseEvent } from './parse-event.ts';
import { processPlan } from './read-plan.ts';
import { guardOutput } from './secrets/guard-output.ts';
import { Redactor } from './secrets/redactor.ts';
import { type Secrets, secretsFromEnvironment } from './secrets/secrets.ts';
import type { AnyCheckpoint, StepFunction } from './step.ts';

/** The part of Lambda's context that the runtime uses. */
export interface FunctionContext {
  readonly awsRequestId: string;
  readonly logGroupName?: string;
  readonly logStreamName?: string;
  getRemainingTimeInMillis(): number;
}

/** A step as Lambda calls it. `stepFunction` is the defined function, for tests that call it with their own step. */
export interface StepHandler<Input = JsonObject, Config = JsonObject> {
  (event: unknown, context: FunctionContext): Promise<StepAnswer>;
  readonly stepFunction: StepFunction<Input, Config>;
}

let secrets: Secrets | undefined;

/** Knows the secrets of this process: they stay in the memory of a warm function. */
const redactor = new Redactor();

/** Makes a step of a function: the function's return value is the step's result, and an error that it throws fails the attempt. */
export function defineStep<Input = JsonObject, Config = JsonObject, Checkpoint = AnyCheckpoint>(
  stepFunction: StepFunction<Input, Config, Checkpoint>,
): StepHandler<Input, Config> {
  prepareProcess();
  const handler = async (event: unknown, context: FunctionContext): Promise<StepAnswer> => {
    const payload = resolveStep(parseEvent(stepEvent, event), await processPlan());
    const ports = await processPorts();
    secrets ??= secretsFromEnvironment(process.env, ports.clock);
    const { logGroupName: group, logStreamName: stream } = context;
    return runStep(payload, {
      ports,
      // The schema has checked the input; its type is the author's word.
      handler: awaitStragglers(stepFunction as StepFunction),
      // Lambda repeats a request under the same id.
      invocationId: `${context.awsRequestId}-${randomUUID().slice(0, 8)}`,
      deadline: ports.clock.now() + context.getRemainingTimeInMillis(),
      secrets,
      redactor,
      ...(group && stream && { logs: { group, stream } }),
    });
  };
  return Object.assign(handler, { stepFunction });
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
