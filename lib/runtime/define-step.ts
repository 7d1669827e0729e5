import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../contract/json.ts';
import { type StepAnswer, stepPayload } from '../contract/payloads.ts';
import { runStep } from './attempt/run-step.ts';
import { processPorts } from './execution/platform-handler.ts';
import { type Secrets, secretsFromEnvironment } from './handler/secrets.ts';
import { parseEvent } from './parse-event.ts';
import type { AnyCheckpoint, StepFunction } from './step.ts';

/** What the runtime uses of Lambda's context. */
export interface FunctionContext {
  readonly awsRequestId: string;
  readonly logGroupName?: string;
  readonly logStreamName?: string;
  getRemainingTimeInMillis(): number;
}

/** A step as Lambda calls it. `stepFunction` is what was defined, for tests that call it with a step of their own. */
export interface StepHandler<Input = JsonObject, Config = JsonObject> {
  (event: unknown, context: FunctionContext): Promise<StepAnswer>;
  readonly stepFunction: StepFunction<Input, Config>;
}

let secrets: Secrets | undefined;

/** Makes a step out of a function: what it returns is the step's result, what it throws fails the attempt. */
export function defineStep<Input = JsonObject, Config = JsonObject, Checkpoint = AnyCheckpoint>(
  stepFunction: StepFunction<Input, Config, Checkpoint>,
): StepHandler<Input, Config> {
  const handler = async (event: unknown, context: FunctionContext): Promise<StepAnswer> => {
    const payload = parseEvent(stepPayload, event);
    const ports = await processPorts();
    secrets ??= secretsFromEnvironment(process.env, ports.clock);
    const { logGroupName: group, logStreamName: stream } = context;
    return runStep(payload, {
      ports,
      // The schema has checked the input; its type is the author's word.
      handler: stepFunction as StepFunction,
      // Lambda repeats a request under the same id.
      invocationId: `${context.awsRequestId}-${randomUUID().slice(0, 8)}`,
      deadline: ports.clock.now() + context.getRemainingTimeInMillis(),
      secrets,
      ...(group && stream && { logs: { group, stream } }),
    });
  };
  return Object.assign(handler, { stepFunction });
}
