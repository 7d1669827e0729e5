import type { JsonObject } from '../../contract/json.ts';
import type { StepPlan } from '../plan/plan.ts';
import { contextValues, objectOf, quoted } from './context-expressions.ts';
import { platformFunction } from './function-names.ts';
import type { MachineSettings } from './machine-settings.ts';
import { graphRetriers } from './retriers.ts';
import { invoke, nothing } from './states.ts';

export function waitName(step: string): string {
  return `${step}: wait`;
}

/** Sleeps until its token is answered. At the backstop it enters itself again, at once and with a higher rank, so no moment passes without a live token. */
export function waitState({ name }: StepPlan, { patience, backstopSeconds }: MachineSettings): JsonObject {
  return {
    Type: 'Task',
    Resource: `${invoke}.waitForTaskToken`,
    Arguments: {
      FunctionName: platformFunction('wait'),
      Payload: objectOf({
        run: '$run',
        step: quoted(name),
        token: contextValues.token,
        state: contextValues.state,
        redrives: contextValues.redriveCount,
      }),
    },
    Output: nothing,
    TimeoutSeconds: backstopSeconds,
    Retry: graphRetriers(['States.Timeout'], patience),
    Catch: [
      { ErrorEquals: ['States.Timeout'], Output: nothing, Next: waitName(name) },
      { ErrorEquals: ['States.ALL'], Output: nothing, Next: name },
    ],
    Next: name,
  };
}
