import { errorNames } from '../contract/error-names.ts';
import { definitionDigest } from '../contract/fingerprint.ts';
import type { JsonObject } from '../contract/json.ts';
import type { StepPlan } from '../plan/plan.ts';
import { contextExpressions, contextValues } from './context-expressions.ts';
import { literal } from './literal.ts';
import { placeholder, placeholders } from './placeholders.ts';
import { countedDelays, platformRetriers, stepRetriers } from './retriers.ts';

/** Names and states in order; the first is where to enter. */
export interface States {
  readonly start: string;
  readonly states: JsonObject;
}

export interface StepContext {
  readonly step: StepPlan;
  /** Digest of the handler's code without the runtime. */
  readonly code: string;
  /** Name of the step's function among the placeholders. */
  readonly functionName: string;
}

/** The function must die before its state does, so that a time-out is always the function's own: this many seconds between the two. */
const timeOutMargin = 60;

/** How long a wait sleeps before it looks again by itself. Only a lost signal ever needs that; each look costs about six history events. */
const waitBackstopSeconds = 900;

/** Results go through the store, so states hand nothing on. */
export const nothing: JsonObject = {};

export const invoke = 'arn:aws:states:::lambda:invoke';

/**
 * The states of one step: its wait if it has one, its Task, and the way of a failure: record it, send the dead letter if the step really failed, go on. Whatever happens
 * here ends at `next` (or the end of the branch): nothing may abort a Parallel.
 */
export function stepStates(context: StepContext, next: string | null): States {
  const { step } = context;
  const goOn = next ?? `${step.name}: end`;
  return {
    start: step.awaits.length > 0 ? `${step.name}: wait` : step.name,
    states: {
      ...(step.awaits.length > 0 && { [`${step.name}: wait`]: waitState(step) }),
      [step.name]: taskState(context, next),
      [`${step.name}: record failure`]: recordFailureState(context, goOn),
      [`${step.name}: failed?`]: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $exists($states.input.dead_letter) %}', Next: `${step.name}: dead letter` }],
        Default: goOn,
      },
      [`${step.name}: dead letter`]: deadLetterState(goOn),
      ...(next === null && { [goOn]: { Type: 'Succeed', Output: nothing } }),
    },
  };
}

/** Sleeps until its token is answered. At the backstop it enters itself again, at once and with a higher rank, so no moment passes without a live token. */
const waitState = (step: StepPlan): JsonObject => ({
  Type: 'Task',
  Resource: `${invoke}.waitForTaskToken`,
  Arguments: {
    FunctionName: placeholder(placeholders.wait),
    Payload: {
      run: '{% $run %}',
      step: step.name,
      awaits: [...step.awaits],
      token: '{% $states.context.Task.Token %}',
      rank: `{% [${contextValues.redriveCount}, $states.context.State.EnteredTime, ${contextValues.retryCount}] %}`,
    },
  },
  Output: nothing,
  TimeoutSeconds: waitBackstopSeconds,
  Retry: platformRetriers(['States.Timeout']),
  Catch: [
    { ErrorEquals: ['States.Timeout'], Output: nothing, Next: `${step.name}: wait` },
    { ErrorEquals: ['States.ALL'], Output: nothing, Next: step.name },
  ],
  Next: step.name,
});

function taskState(context: StepContext, next: string | null): JsonObject {
  const { step } = context;
  return {
    Type: 'Task',
    ...(step.description && { Comment: step.description.replaceAll('${', '$ {').slice(0, 200) }),
    Resource: invoke,
    Arguments: {
      FunctionName: placeholder(context.functionName),
      Payload: {
        run: '{% $run %}',
        step: {
          ...stepCore(context),
          code: context.code,
          config: literal({ ...step.config }),
          ...(step.resultSchema && { result_schema: literal(step.resultSchema) }),
          ...retryFacts(step),
        },
        attempt: contextExpressions.attempt,
      },
    },
    Output: nothing,
    TimeoutSeconds: step.timeoutSeconds + timeOutMargin,
    Retry: stepRetriers(step),
    Catch: [
      { ErrorEquals: [errorNames.blocked], Output: nothing, Next: next ?? `${step.name}: end` },
      {
        ErrorEquals: ['States.ALL'],
        Output: {
          failure: '{% $states.errorOutput %}',
          attempts: contextExpressions.attempt,
        },
        Next: `${step.name}: record failure`,
      },
    ],
    ...(next === null ? { End: true } : { Next: next }),
  };
}

/** What the runtime must know to count what retriers cannot. */
function retryFacts({ retry }: StepPlan): JsonObject {
  const backoff = countedDelays(retry.step);
  return {
    budgets: { step: retry.step.attempts, time_out: retry.timeOut.attempts, platform: retry.platform.attempts },
    ...(backoff !== undefined && { backoff }),
  };
}

const recordFailureState = (context: StepContext, goOn: string): JsonObject => ({
  Type: 'Task',
  Resource: invoke,
  Arguments: {
    FunctionName: placeholder(placeholders.recordFailure),
    Payload: {
      run: '{% $run %}',
      step: { ...stepCore(context), code: context.code },
      failure: '{% $states.input.failure %}',
      attempts: '{% $states.input.attempts %}',
    },
  },
  Output: '{% $states.result.Payload %}',
  Retry: platformRetriers(),
  Catch: [{ ErrorEquals: ['States.ALL'], Output: nothing, Next: goOn }],
  Next: `${context.step.name}: failed?`,
});

const deadLetterState = (goOn: string): JsonObject => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::sqs:sendMessage',
  Arguments: {
    QueueUrl: placeholder(placeholders.deadLetterQueueUrl),
    MessageBody: '{% $string($states.input.dead_letter) %}',
  },
  Output: nothing,
  Retry: platformRetriers(),
  Catch: [{ ErrorEquals: ['States.ALL'], Output: nothing, Next: goOn }],
  Next: goOn,
});

/** What every function that acts for this step is told of it; see `contract/payloads.ts`. */
const stepCore = ({ step, code }: StepContext): JsonObject => ({
  name: step.name,
  dependencies: [...step.dependencies],
  trigger_rule: step.triggerRule,
  severity: step.severity,
  ...(Object.keys(step.wakes).length > 0 && {
    wakes: Object.fromEntries(Object.entries(step.wakes).map(([waiter, awaits]) => [waiter, [...awaits]])),
  }),
  definition: definitionDigest(code, step.config),
});
