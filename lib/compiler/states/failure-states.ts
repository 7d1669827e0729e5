import type { JsonObject } from '../../contract/json.ts';
import { quoted } from './context-expressions.ts';
import { platformFunction } from './function-names.ts';
import type { MachineSettings } from './machine-settings.ts';
import { graphRetriers } from './retriers.ts';
import { continueAt, invoke, nothing } from './states.ts';

/** The state after the recorded failure of a step. */
export interface FailureExit {
  readonly step: string;
  readonly next: string;
}

/** The number of steps that share the states for a failure: enough for small definitions, and few enough for a readable Choice. */
export const mostSharing = 20;

/** Names of the states that some steps of one graph share. A step that shares with none gives them its own name. */
export function failureNames(
  steps: readonly string[],
  number: number,
): { readonly record: string; readonly after: string } {
  const [only, ...others] = steps;
  const alone = only !== undefined && others.length === 0;
  return alone
    ? { record: `${only}: failed`, after: '' }
    : { record: `Failed ${number}`, after: `After failure ${number}` };
}

/**
 * The way of a failure, for steps of one graph: record-failure settles the step and sends its dead letter, then the machine continues where that step's success would have led.
 * Nothing may abort a Parallel, so this continues even when the failure could not be recorded: Finalize finds a step without an outcome.
 */
export function failureStates(
  exits: readonly FailureExit[],
  number: number,
  { patience }: MachineSettings,
): JsonObject {
  const { record, after } = failureNames(
    exits.map(({ step }) => step),
    number,
  );
  const places = new Set(exits.map(({ next }) => next));
  const [only = after] = places;
  const shared = places.size > 1;
  const leaves = shared ? { Output: '{% $states.input.state.Name %}', Next: after } : continueAt(only);
  return {
    [record]: {
      Type: 'Task',
      Resource: invoke,
      Arguments: { FunctionName: platformFunction('record'), Payload: '{% $states.input %}' },
      Retry: graphRetriers('States.ALL', patience),
      Catch: [{ ErrorEquals: ['States.ALL'], ...leaves }],
      ...leaves,
    },
    ...(shared && {
      [after]: {
        Type: 'Choice',
        Choices: exits.slice(1).map(({ step, next }) => ({
          Condition: `{% $states.input=${quoted(step)} %}`,
          ...continueAt(next),
        })),
        Default: exits[0]?.next ?? '',
        Output: nothing,
      },
    }),
  };
}
