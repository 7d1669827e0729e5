import type { StepAnswer } from '../contract/payloads.ts';
import { stepIn } from '../contract/state-names.ts';
import { causesOf, framesOf, messageOf, readProperty } from './attempt/error-trace.ts';
import type { FunctionContext, StepHandler } from './define-step.ts';

/** The source of the work of one step. */
export interface StepSource {
  /** Gives what `defineStep` made. It is called once, when the step is invoked for the first time: other steps' code is never loaded. */
  readonly load: () => Promise<unknown>;
  /** Present if the step has less time than the function. */
  readonly timeoutSeconds?: number;
}

/** The name that Lambda gives to a function whose module cannot be loaded; retriers and people know it. */
const importFailed = 'Runtime.ImportModuleError';

/** One Lambda function for several steps: it chooses by the name of the step that the machine sends. */
export function sharedSteps(
  sources: Readonly<Record<string, StepSource>>,
): (event: unknown, context: FunctionContext) => Promise<StepAnswer> {
  const loaded = new Map<string, Promise<StepHandler>>();
  return async (event, context) => {
    const step = stepIn(event);
    const source = step !== null && Object.hasOwn(sources, step) ? sources[step] : undefined;
    if (!source || step === null) {
      throw new Error(`this function runs ${Object.keys(sources).join(', ')}, and was asked for ${step ?? 'no step'}`);
    }
    const handler = loaded.get(step) ?? handlerOf(step, source);
    loaded.set(step, handler);
    const { timeoutSeconds } = source;
    return (await handler)(event, timeoutSeconds === undefined ? context : limited(context, timeoutSeconds));
  };
}

async function handlerOf(step: string, { load }: StepSource): Promise<StepHandler> {
  const found = await load().catch((error: unknown) => {
    throw notLoaded(error);
  });
  if (typeof found === 'function') return found as StepHandler;
  const message = `the handler of step "${step}" is ${found === undefined ? 'not exported' : `no function, but ${typeof found}`}`;
  throw Object.assign(new Error(message), { name: importFailed });
}

/** The error of a module that cannot be loaded, with the place and the causes of what it threw. The log has them too: the step's own logger does not exist yet. */
function notLoaded(thrown: unknown): Error {
  const name = readProperty(thrown, 'name');
  const message = `${typeof name === 'string' && name !== 'Error' ? `${name}: ` : ''}${messageOf(thrown)}`;
  const stack = [`${importFailed}: ${message}`, ...framesOf(thrown), ...causesOf(thrown)].join('\n');
  console.error(stack);
  return Object.assign(new Error(message, { cause: thrown }), { name: importFailed, stack });
}

/** The step's own deadline, when it comes before the function's. */
function limited(context: FunctionContext, seconds: number): FunctionContext {
  const deadline = Date.now() + seconds * 1000;
  return {
    awsRequestId: context.awsRequestId,
    ...(context.logGroupName && { logGroupName: context.logGroupName }),
    ...(context.logStreamName && { logStreamName: context.logStreamName }),
    getRemainingTimeInMillis: () => Math.max(0, Math.min(context.getRemainingTimeInMillis(), deadline - Date.now())),
  };
}
