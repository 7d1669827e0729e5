import { errorNames } from '../../contract/error-names.ts';
import { definitionDigest } from '../../contract/fingerprint.ts';
import type { JsonObject } from '../../contract/json.ts';
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
 * The states of one step: its wait if it has one, its Task (with a way back into it if it may yield), and the way of a failure: record it, send the dead letter if the step really failed, go on. Whatever happens
 * here ends at `next` (or the end of the branch): nothing may abort a Parallel.
 */
export function stepStates(context: StepContext, next: string | null): States {
  const { step } = context;
  const goOn = next ?? `${step.name}: end`;
  const long = isLong(step);
  return {
    start: step.awaits.length > 0 ? `${step.name}: wait` : step.name,
    states: {
      ...(step.awaits.length > 0 && { [`${step.name}: wait`]: waitState(step) }),
      [step.name]: taskState(context, next, goOn),
      ...(long && { [`${step.name}: go on?`]: goOnState(step, goOn) }),
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

/** Leads a step that yielded into a fresh invocation. */
const goOnState = (step: StepPlan, goOn: string): JsonObject => ({
  Type: 'Choice',
  Choices: [{ Condition: '{% $exists($states.input.yielded) %}', Next: step.name }],
  Default: goOn,
});

function taskState(context: StepContext, next: string | null, goOn: string): JsonObject {
  const { step } = context;
  const long = isLong(step);
  const attempt = long ? contextExpressions.longAttempt : contextExpressions.attempt;
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
        attempt,
        ...(long && {
          long: {
            timeout_seconds: step.timeoutSeconds,
            redrives: contextExpressions.redriveCount,
            yielded: contextExpressions.yielded,
          },
        }),
      },
    },
    Output: long ? yieldFacts : nothing,
    TimeoutSeconds: step.functionTimeoutSeconds + timeOutMargin,
    Retry: stepRetriers(step),
    Catch: [
      { ErrorEquals: [errorNames.blocked], Output: nothing, Next: goOn },
      {
        ErrorEquals: ['States.ALL'],
        Output: {
          failure: '{% $states.errorOutput %}',
          attempts: attempt,
        },
        Next: `${step.name}: record failure`,
      },
    ],
    ...(long ? { Next: `${step.name}: go on?` } : next === null ? { End: true } : { Next: next }),
  };
}

/** Whether an attempt may be longer than its function can run. */
const isLong = (step: StepPlan): boolean => step.timeoutSeconds > step.functionTimeoutSeconds;

/** Hands on what a yield says, and nothing else. */
const yieldFacts = '{% $exists($states.result.Payload.yielded) ? {"yielded": $states.result.Payload.yielded} : {} %}';

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
