import { errorNames } from '../../contract/error-names.ts';
import type { JsonObject } from '../../contract/json.ts';
import type { PipelinePlan, StepPlan } from '../plan/plan.ts';
import { contextExpressions } from './context-expressions.ts';
import { LayoutStates } from './layout-states.ts';
import { literal } from './literal.ts';
import { placeholder, placeholders } from './placeholders.ts';
import { platformRetriers } from './retriers.ts';
import { type StepFunction, stepFunctions } from './step-functions.ts';
import { invoke, nothing, stepStates } from './step-states.ts';

/** A pipeline as Step Functions runs it: the definition with placeholders, and the functions that stand behind them. */
export interface CompiledMachine {
  readonly definition: JsonObject;
  readonly functions: readonly StepFunction[];
}

/** Names of the machine's own states. Step names have no spaces, so none can be like these. */
const names = {
  prepare: 'Prepare run',
  proceed: 'Start run?',
  refused: 'Run not started',
  turn: 'Wait for turn',
  finalize: 'Finalize run',
  again: 'Run again?',
  done: 'Run succeeded',
} as const;

/** Emits the machine: Prepare, the steps, Finalize. `codeOf` gives the digest of a handler's code without the runtime. */
export function emitMachine(plan: PipelinePlan, codeOf: (step: StepPlan) => string): CompiledMachine {
  const functions = stepFunctions(plan.steps, plan.functions);
  const functionOf = new Map(functions.flatMap((fn) => fn.steps.map((step) => [step, fn] as const)));
  const stepOf = new Map(plan.steps.map((step) => [step.name, step]));
  const layout = new LayoutStates((name, next) => {
    const step = stepOf.get(name);
    const fn = functionOf.get(name);
    if (!step || !fn) throw new Error(`the layout has the step "${name}", which the plan does not`);
    return stepStates({ step, code: codeOf(step), functionName: fn.placeholder }, next);
  }).emit(plan.layout, names.finalize);
  return {
    functions,
    definition: {
      Comment: `${plan.namespace}/${plan.name} ${plan.version}`.replaceAll('${', '$ {'),
      QueryLanguage: 'JSONata',
      TimeoutSeconds: plan.maxDurationSeconds,
      StartAt: names.prepare,
      States: { ...opening(plan, layout.start), ...layout.states, ...closing(plan) },
    },
  };
}

/** Prepare decides whether this execution may go on, and who it is: the one variable that all states read. */
const opening = (plan: PipelinePlan, first: string): JsonObject => ({
  [names.prepare]: {
    Type: 'Task',
    Resource: invoke,
    Arguments: {
      FunctionName: placeholder(placeholders.prepare),
      Payload: {
        execution: {
          arn: '{% $states.context.Execution.Id %}',
          name: '{% $states.context.Execution.Name %}',
          started_at: '{% $states.context.Execution.StartTime %}',
          redrive_count: contextExpressions.redriveCount,
        },
        input: '{% $states.context.Execution.Input %}',
        pipeline: {
          name: plan.name,
          version: literal(plan.version),
          ...(plan.inputSchema && { input_schema: literal(plan.inputSchema) }),
          steps: plan.steps.map(({ name }) => name),
          ...(plan.schedule && {
            schedule: { timezone: plan.schedule.timezone, input: literal(plan.schedule.input) },
          }),
          ...(plan.overlap.policy !== 'allow' && {
            overlap: {
              policy: plan.overlap.policy,
              ...(plan.overlap.key !== null && { key: literal(plan.overlap.key) }),
            },
          }),
        },
      },
    },
    Assign: { run: '{% $exists($states.result.Payload.run) ? $states.result.Payload.run : {} %}' },
    Output: '{% $states.result.Payload %}',
    Retry: platformRetriers([errorNames.invalidInput, errorNames.leaseLost]),
    Next: names.proceed,
  },
  [names.proceed]: {
    Type: 'Choice',
    Choices: [
      { Condition: '{% $exists($states.input.refused) %}', Next: names.refused },
      ...(queues(plan) ? [{ Condition: '{% $exists($states.input.queued) %}', Next: names.turn }] : []),
    ],
    Default: first,
  },
  [names.refused]: { Type: 'Succeed' },
  ...(queues(plan) && { [names.turn]: { Type: 'Wait', Seconds: secondsBetweenTurns(plan), Next: names.prepare } }),
});

const queues = (plan: PipelinePlan): boolean => plan.overlap.policy === 'queue';

/**
 * How long a queued execution waits before it asks again: half a minute, and longer where it may be queued for very long. One round is 9 of the 25,000 events of an
 * execution's history, and 2,000 rounds leave enough of them for the steps.
 */
const secondsBetweenTurns = (plan: PipelinePlan): number => Math.max(30, Math.ceil(plan.maxDurationSeconds / 2_000));

/** Finalize fails as a Task, not as a Fail state, so that the console's Redrive enters it again; it then leads back to Prepare. */
const closing = (plan: PipelinePlan): JsonObject => ({
  [names.finalize]: {
    Type: 'Task',
    Resource: invoke,
    Arguments: {
      FunctionName: placeholder(placeholders.finalize),
      Payload: {
        run: '{% $run %}',
        redrive_count: contextExpressions.redriveCount,
        steps: plan.steps.map((step) => ({
          name: step.name,
          ...(step.optional && { optional: true }),
          ...(step.severity !== 'medium' && { severity: step.severity }),
        })),
      },
    },
    Output: '{% $states.result.Payload %}',
    Retry: platformRetriers([errorNames.pipelineFailed, errorNames.leaseLost]),
    Next: names.again,
  },
  [names.again]: {
    Type: 'Choice',
    Choices: [{ Condition: '{% $states.input.again %}', Output: nothing, Next: names.prepare }],
    Default: names.done,
  },
  [names.done]: { Type: 'Succeed', Output: '{% $states.input.summary %}' },
});
