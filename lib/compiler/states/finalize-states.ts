import { errorNames } from '../../contract/error-names.ts';
import { shortDigest } from '../../contract/fingerprint.ts';
import type { JsonObject } from '../../contract/json.ts';
import type { FinalizeEvent } from '../../contract/payloads.ts';
import type { StepSpecs } from '../../contract/step-spec.ts';
import type { PipelinePlan, StepPlan } from '../plan/plan.ts';
import { redriveCount } from './context-expressions.ts';
import { inState } from './function-names.ts';
import { machineNames as names } from './machine-names.ts';
import type { MachineSettings } from './machine-settings.ts';
import { placeholders } from './placeholders.ts';
import { platformRetriers } from './retriers.ts';
import { invoke, nothing } from './states.ts';

/** Enough of a digest to tell two versions of a step's code apart. */
const shownCode = 8;

/**
 * The machine's end. Finalize fails as a Task, not as a Fail state, so that the console's Redrive enters it again; it then leads back to Prepare. Its event names the
 * parts of each step. A reader of the definition finds them only here.
 */
export function finalizeStates(plan: PipelinePlan, specs: StepSpecs, { patience }: MachineSettings): JsonObject {
  return {
    [names.finalize]: {
      Type: 'Task',
      Resource: invoke,
      Arguments: {
        FunctionName: inState(placeholders.finalize),
        Payload: { run: '{% $run %}', redrive_count: redriveCount, ...stepFacts(plan, specs) },
      },
      Output: '{% $states.result.Payload %}',
      Retry: platformRetriers([errorNames.pipelineFailed, errorNames.leaseLost], patience),
      Next: names.again,
    },
    [names.again]: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $states.input.again %}', Output: nothing, Next: names.prepare }],
      Default: names.done,
    },
    [names.done]: { Type: 'Succeed', Output: '{% $states.input.summary %}' },
  };
}

function stepFacts({ steps, publish }: PipelinePlan, specs: StepSpecs) {
  const indexOf = new Map(steps.map(({ name }, index) => [name, index]));
  const madeOf = ({ name, dependencies }: StepPlan) => [
    shortDigest(specs[name]?.definition ?? ''),
    specs[name]?.code.slice(0, shownCode) ?? '',
    ...dependencies.map((dependency) => indexOf.get(dependency) ?? -1),
  ];
  const optional = steps.filter((step) => step.optional).map(({ name }) => name);
  const profiled = steps.filter(({ profiles }) => Object.values(profiles).some((one) => one !== null));
  const severity = steps
    .filter((step) => step.severity !== 'medium')
    .map((step) => [step.name, step.severity] as const);
  const facts: Omit<FinalizeEvent, 'run' | 'redrive_count'> = {
    steps: Object.fromEntries(steps.map((step) => [step.name, madeOf(step)])),
    ...(optional.length > 0 && { optional }),
    ...(profiled.length > 0 && { profiled: profiled.map(({ name }) => name) }),
    ...(severity.length > 0 && { severity: Object.fromEntries(severity) }),
    ...(publish && { publish }),
  };
  return facts as unknown as JsonObject;
}
