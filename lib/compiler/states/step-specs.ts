import { definitionDigest } from '../../contract/fingerprint.ts';
import type { StepSpec, StepSpecs } from '../../contract/step-spec.ts';
import type { StepPlan } from '../plan/plan.ts';
import { delaysOf } from '../plan/retry-delays.ts';

/** The facts about the code behind a step that its plan takes along. */
export interface StepCode {
  /** Digest of the code without the runtime. */
  readonly digest: string;
  /** Where people find it: `lambdas/steps/orders/extract.ts:3:14`. */
  readonly place?: string;
}

/** The facts about its steps that the functions of a pipeline know. */
export function stepSpecs(steps: readonly StepPlan[], codeOf: (step: StepPlan) => StepCode): StepSpecs {
  return Object.fromEntries(steps.map((step) => [step.name, specOf(step, codeOf(step))]));
}

/** Some of the steps, by name: what one function knows. */
export function specsOf(specs: StepSpecs, names: readonly string[]): StepSpecs {
  return Object.fromEntries(Object.entries(specs).filter(([name]) => names.includes(name)));
}

function specOf(step: StepPlan, { digest: code, place }: StepCode): StepSpec {
  const { retry, resultSchema } = step;
  return {
    name: step.name,
    dependencies: step.dependencies,
    trigger_rule: step.triggerRule,
    severity: step.severity,
    ...(step.needs && { needs: step.needs }),
    ...(step.marks && { marks: true }),
    ...(step.optional && { optional: true }),
    ...(step.deadline && { deadline: step.deadline }),
    ...(step.expectedMs !== null && { expected_ms: step.expectedMs }),
    ...(step.awaits.length > 0 && { awaits: step.awaits }),
    ...(Object.keys(step.wakes).length > 0 && { wakes: step.wakes }),
    ...(Object.keys(step.relays.via).length > 0 && { via: step.relays.via }),
    ...(step.relays.carries.length > 0 && { carries: step.relays.carries }),
    ...(Object.keys(step.profiles).length > 0 && { profiles: step.profiles }),
    definition: definitionDigest(code, step.config),
    code,
    ...(place !== undefined && { place }),
    config: step.config,
    ...(resultSchema && { result_schema: resultSchema }),
    budgets: { step: retry.step.attempts, time_out: retry.timeOut.attempts, platform: retry.platform.attempts },
    delays: delaysOf(retry.step),
    ...(isLong(step) && { long_seconds: step.timeoutSeconds }),
  };
}

/** True if an attempt may be longer than its function can run. */
export function isLong(step: StepPlan): boolean {
  return step.timeoutSeconds > step.functionTimeoutSeconds;
}
