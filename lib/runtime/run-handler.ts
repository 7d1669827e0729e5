import { retryAfterRungs } from '../contract/error-names.ts';
import { PermanentError, ValidationError } from '../contract/errors.ts';
import type { Json } from '../contract/json.ts';
import { startAbortTimer } from './abort-timer.ts';
import type { Output } from './commit.ts';
import type { Work } from './invocation.ts';
import { violationsOf } from './json-schema.ts';
import { type OpenStep, openStep } from './open-step.ts';
import type { StepFunction } from './step.ts';
import { toJson } from './to-json.ts';
import { toStepError } from './to-step-error.ts';

/** A result is small, because every dependent reads it; rows belong into a dataset. In bytes of JSON. */
const largestResult = 64 * 1024;

const longestRest = retryAfterRungs.at(-1) as number;

/** Runs the handler and stores what it makes. Whatever goes wrong comes out as an error whose name Step Functions' retriers understand. */
export async function runHandler(work: Work): Promise<Output> {
  const { ports, deadline, handler } = work.invocation;
  const timer = startAbortTimer(ports.clock, deadline);
  try {
    const opened = await openStep(work, timer.signal);
    return await runOpen(opened, handler, work);
  } finally {
    timer.stop();
  }
}

async function runOpen(opened: OpenStep, handler: StepFunction, work: Work): Promise<Output> {
  const { step, outputs, redact, startedAt, firstStartedAt } = opened;
  try {
    const result = checkResult(await handler(step), work);
    return { result, ...(await outputs.finish()), startedAt, firstStartedAt };
  } catch (thrown) {
    await outputs.abandon();
    const error = toStepError(thrown, { timedOut: step.signal.aborted, redact });
    step.log.error('the attempt failed', { error: error.name, cause: error.message, stack: error.stack });
    if ((error.retryAfter ?? 0) > longestRest) {
      step.log.warn(`${error.retryAfter} s were asked for; the longest delay is ${longestRest} s`);
    }
    throw error;
  }
}

function checkResult(returned: unknown, { payload: { step } }: Work): Json {
  const result = toJson(returned);
  const bytes = Buffer.byteLength(JSON.stringify(result));
  if (bytes > largestResult) {
    throw new PermanentError(
      `the result of step ${step.name} is ${bytes} bytes of JSON; at most ${largestResult} are allowed: write a dataset or a file instead`,
    );
  }
  const violations = step.result_schema === undefined ? [] : violationsOf(step.result_schema, result);
  if (violations.length > 0) {
    throw new ValidationError(`the result of step ${step.name} does not fit its result_schema`, violations);
  }
  return result;
}
