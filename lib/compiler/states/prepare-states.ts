import { errorNames } from '../../contract/error-names.ts';
import type { JsonObject } from '../../contract/json.ts';
import type { PipelinePlan } from '../plan/plan.ts';
import { inState } from './function-names.ts';
import { literal } from './literal.ts';
import { machineNames as names } from './machine-names.ts';
import type { MachineSettings } from './machine-settings.ts';
import { placeholders } from './placeholders.ts';
import { platformRetriers } from './retriers.ts';
import { invoke, nothing } from './states.ts';

/** The machine's beginning: Prepare decides whether this execution may start, and its state assigns the two variables that all others read. */
export function prepareStates(
  plan: PipelinePlan,
  { first, functions }: { readonly first: string; readonly functions: JsonObject },
  { patience }: MachineSettings,
): JsonObject {
  return {
    [names.prepare]: {
      Type: 'Task',
      Resource: invoke,
      Arguments: { FunctionName: inState(placeholders.prepare), Payload: eventOf(plan) },
      Assign: {
        run: '{% $exists($states.result.Payload.run) ? $states.result.Payload.run : {} %}',
        fn: functions,
      },
      Output: '{% $states.result.Payload %}',
      Retry: platformRetriers([errorNames.invalidInput, errorNames.leaseLost], patience),
      Next: names.proceed,
    },
    [names.proceed]: {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $exists($states.input.refused) %}', Next: names.refused },
        ...(queues(plan) ? [{ Condition: '{% $exists($states.input.queued) %}', Next: names.turn }] : []),
      ],
      Default: first,
      Output: nothing,
    },
    [names.refused]: { Type: 'Succeed' },
    ...(queues(plan) && { [names.turn]: { Type: 'Wait', Seconds: secondsBetweenTurns(plan), Next: names.prepare } }),
  };
}

const eventOf = (plan: PipelinePlan): JsonObject => ({
  execution: '{% $states.context.Execution %}',
  pipeline: {
    name: plan.name,
    version: literal(plan.version),
    ...(plan.inputSchema && { input_schema: literal(plan.inputSchema) }),
    ...(plan.schedule && { schedule: { timezone: plan.schedule.timezone, input: literal(plan.schedule.input) } }),
    ...(plan.partition && { partition: Object.fromEntries(Object.entries(plan.partition)) }),
    ...(plan.overlap.policy !== 'allow' && {
      overlap: { policy: plan.overlap.policy, ...(plan.overlap.key !== null && { key: literal(plan.overlap.key) }) },
    }),
  },
});

const queues = (plan: PipelinePlan): boolean => plan.overlap.policy === 'queue';

/**
 * The wait of a queued execution before it asks again: half a minute, or longer if it may be queued for very long. One round is 9 of the 25,000 events of an
 * execution's history, and 2,000 rounds leave enough of them for the steps.
 */
const secondsBetweenTurns = (plan: PipelinePlan): number => Math.max(30, Math.ceil(plan.maxDurationSeconds / 2_000));
