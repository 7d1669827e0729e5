import type { JsonObject } from '../../contract/json.ts';
import { waitName } from '../../contract/state-names.ts';
import type { StepPlan } from '../plan/plan.ts';
import { contextFields, fromContext } from './context-expressions.ts';
import { platformFunction } from './function-names.ts';
import type { MachineSettings } from './machine-settings.ts';
import { graphRetriers } from './retriers.ts';
import { invoke, nothing } from './states.ts';

/** Sleeps until its token is answered, with an empty object, which is all that the step gets. At the backstop it enters itself again, at once and with a higher rank, so no moment passes without a live token. */
export function waitState({ name }: StepPlan, { patience, backstopSeconds }: MachineSettings): JsonObject {
  return {
    Type: 'Task',
    Resource: `${invoke}.waitForTaskToken`,
    Arguments: { FunctionName: platformFunction('wait'), Payload: fromContext({ run: '$run', ...contextFields }) },
    TimeoutSeconds: backstopSeconds,
    // Every error but the backstop's time-out; the function's own time-outs and crashes too
    // (https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html).
    Retry: graphRetriers('States.TaskFailed', patience),
    Catch: [
      { ErrorEquals: ['States.Timeout'], Next: waitName(name) },
      { ErrorEquals: ['States.ALL'], Output: nothing, Next: name },
    ],
    Next: name,
  };
}
