import { errorNames } from '../../contract/error-names.ts';
import type { JsonObject } from '../../contract/json.ts';
import type { StepPlan } from '../plan/plan.ts';
import { contextFields, fromContext } from './context-expressions.ts';
import type { MachineSettings } from './machine-settings.ts';
import { stepRetriers } from './retriers.ts';
import { continueAt, invoke, nothing, toNext } from './states.ts';
import { isLong } from './step-specs.ts';

/** The states after a step's Task. */
export interface StepExits {
  /** After success; null at the end of a branch. */
  readonly next: string | null;
  /** After a step that does not run. */
  readonly afterBlocked: string;
  readonly afterFailure: string;
  /** The next state if the step asks for its next attempt after a delay; null if it cannot. */
  readonly delay: string | null;
}

/** The function must die before its state does, so that a time-out is always the function's own: this many seconds between the two. */
const timeOutMargin = 60;

/** A yield as the next invocation needs it, and nothing else. */
const yieldFacts = '{% $exists($states.result.Payload.yielded) ? {"yielded": $states.result.Payload.yielded} : {} %}';

/** The event of a step's function. */
const event = fromContext({
  run: '$run',
  state: contextFields.state,
  input: '$states.input',
  redrives: contextFields.redrives,
});

/** The event of record-failure: it knows the step's attempts by the state that failed. */
const failure = fromContext({
  run: '$run',
  state: contextFields.state,
  input: '$states.input',
  failure: '$states.errorOutput',
});

/** The Task that runs a step's function. */
export function stepState(
  step: StepPlan,
  functionName: string,
  exits: StepExits,
  settings: MachineSettings,
): JsonObject {
  return {
    Type: 'Task',
    ...(step.description && { Comment: step.description.replaceAll('${', '$ {').slice(0, 200) }),
    Resource: invoke,
    Arguments: { FunctionName: functionName, Payload: event },
    Output: isLong(step) ? yieldFacts : nothing,
    TimeoutSeconds: step.functionTimeoutSeconds + timeOutMargin,
    Retry: stepRetriers(step, settings.patience),
    Catch: [
      { ErrorEquals: [errorNames.blocked], ...continueAt(exits.afterBlocked) },
      // Without an Output the error is the input of what comes next.
      ...(exits.delay === null ? [] : [{ ErrorEquals: [errorNames.tryAgain], Next: exits.delay }]),
      { ErrorEquals: ['States.ALL'], Output: failure, Next: exits.afterFailure },
    ],
    ...toNext(exits.next),
  };
}
