import type { JsonObject } from '../../contract/json.ts';
import type { StepSpecs } from '../../contract/step-spec.ts';
import type { PipelinePlan, StepPlan } from '../plan/plan.ts';
import { failureNames, failureStates } from './failure-states.ts';
import { finalizeStates } from './finalize-states.ts';
import { functionNames } from './function-names.ts';
import { LayoutStates } from './layout-states.ts';
import { machineNames } from './machine-names.ts';
import { machineSettings } from './machine-settings.ts';
import { prepareStates } from './prepare-states.ts';
import { type StepFunction, stepFunctions } from './step-functions.ts';
import { stepSpecs } from './step-specs.ts';
import { afterStep, startOf, stepStates } from './step-states.ts';

/** A pipeline as Step Functions runs it: the definition with placeholders, the functions behind them, and the facts about the steps that these know. */
export interface CompiledMachine {
  readonly definition: JsonObject;
  readonly functions: readonly StepFunction[];
  readonly steps: StepSpecs;
}

/** Emits the machine: Prepare, the steps, Finalize. `codeOf` gives the digest of a handler's code without the runtime, `placeOf` the place where people find it. */
export function emitMachine(
  plan: PipelinePlan,
  codeOf: (step: StepPlan) => string,
  placeOf?: (step: StepPlan) => string,
): CompiledMachine {
  const settings = machineSettings(plan);
  const functions = stepFunctions(plan.steps, plan.functions);
  const names = functionNames(
    functions,
    plan.steps.some(({ awaits }) => awaits.length > 0),
  );
  const functionOf = new Map(functions.flatMap((fn) => fn.steps.map((step) => [step, fn] as const)));
  const steps = stepSpecs(plan.steps, (step) => ({ digest: codeOf(step), ...(placeOf && { place: placeOf(step) }) }));
  const stepOf = new Map(plan.steps.map((step) => [step.name, step]));
  const known = (name: string) => {
    const [step, fn] = [stepOf.get(name), functionOf.get(name)];
    if (!step || !fn) throw new Error(`the layout has the step "${name}", which the plan does not`);
    return { step, fn };
  };
  const layout = new LayoutStates({
    startOf: (name) => startOf(known(name).step),
    emit(name, next, afterFailure) {
      const { step, fn } = known(name);
      return stepStates({ step, functionName: names.of(fn.placeholder), next, afterFailure }, settings);
    },
    failureName: (names, number) => failureNames(names, number).record,
    failureStates: (exits, number) => failureStates(exits, number, settings),
    afterFailed: afterStep,
  }).emit(plan.layout, machineNames.finalize);
  return {
    functions,
    steps,
    definition: {
      Comment: `${plan.namespace}/${plan.name} ${plan.version}`.replaceAll('${', '$ {'),
      QueryLanguage: 'JSONata',
      TimeoutSeconds: plan.maxDurationSeconds,
      StartAt: machineNames.prepare,
      States: {
        ...prepareStates(plan, { first: layout.start, functions: names.variable }, settings),
        ...layout.states,
        ...finalizeStates(plan, steps, settings),
      },
    },
  };
}
