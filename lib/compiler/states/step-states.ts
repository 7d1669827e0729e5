import type { JsonObject } from '../../contract/json.ts';
import { waitName } from '../../contract/state-names.ts';
import { secondsToWait } from '../../contract/try-again.ts';
import type { StepPlan } from '../plan/plan.ts';
import type { MachineSettings } from './machine-settings.ts';
import { endOf, nothing } from './states.ts';
import { isLong } from './step-specs.ts';
import { stepState } from './step-state.ts';
import { waitState } from './wait-state.ts';

/** A step with its neighbours in the machine. */
export interface PlacedStep {
  readonly step: StepPlan;
  /** Its function, as a Task names it. */
  readonly functionName: string;
  /** The next state; null at the end of a branch. */
  readonly next: string | null;
  /** The state after a failure. */
  readonly afterFailure: string;
}

/** The state with which a step begins. */
export function startOf({ name, awaits }: StepPlan): string {
  return awaits.length > 0 ? waitName(name) : name;
}

/** The state after a step that failed or does not run: a Catch cannot end a branch, so a separate state does that. */
export function afterStep(step: string, next: string | null): string {
  return next ?? endOf(step);
}

/** The states of one step: its wait if it has one, its Task, and the ways back into it after a yield and after a delay. */
export function stepStates(
  { step, functionName, next, afterFailure }: PlacedStep,
  settings: MachineSettings,
): JsonObject {
  const { name } = step;
  const after = afterStep(name, next);
  const goesOn = isLong(step) ? `${name}: go on?` : null;
  const delay = step.retry.step.attempts > 1 ? `${name}: delay` : null;
  const exits = { next: goesOn ?? next, afterBlocked: after, afterFailure, delay };
  return {
    ...(step.awaits.length > 0 && { [waitName(name)]: waitState(step, settings) }),
    [name]: stepState(step, functionName, exits, settings),
    ...(goesOn && {
      [goesOn]: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $exists($states.input.yielded) %}', Next: name }],
        Default: after,
      },
    }),
    // Its input, the error that asked for the delay, is passed on to the next attempt.
    ...(delay && { [delay]: { Type: 'Wait', Seconds: `{% ${secondsToWait} %}`, Next: name } }),
    ...(next === null && { [after]: { Type: 'Succeed', Output: nothing } }),
  };
}
