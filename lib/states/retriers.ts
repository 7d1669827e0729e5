import { neverRetried, platformFaults, throttled, timeOuts } from '../contract/error-names.ts';
import type { JsonObject } from '../contract/json.ts';
import type { RetryBudget, StepPlan } from '../plan/plan.ts';

/**
 * The retriers of a step's Task, in the order in which Step Functions tries them: the first that matches counts the attempt, each for itself. Permanent errors get none;
 * faults of the platform, time-outs, and everything else have a budget of their own.
 */
export function stepRetriers({ retry }: StepPlan): JsonObject[] {
  return [
    { ErrorEquals: [...neverRetried], MaxAttempts: 0 },
    retrier(retry.repeatable ? platformFaults : [throttled], retry.platform),
    retrier(timeOuts, retry.timeOut),
    retrier(['States.ALL'], retry.step),
  ];
}

/** For functions of the platform, which can be repeated after any error but these. */
export function platformRetriers(permanent: readonly string[] = []): JsonObject[] {
  return [
    ...(permanent.length > 0 ? [{ ErrorEquals: [...permanent], MaxAttempts: 0 }] : []),
    retrier(['States.ALL'], { attempts: 9, intervalSeconds: 1, backoffRate: 2, maxDelaySeconds: 60, jitter: 'FULL' }),
  ];
}

function retrier(errors: readonly string[], budget: RetryBudget): JsonObject {
  const retries = budget.attempts - 1;
  if (retries <= 0) return { ErrorEquals: [...errors], MaxAttempts: 0 };
  const grows = budget.backoffRate > 1 && budget.intervalSeconds < budget.maxDelaySeconds;
  return {
    ErrorEquals: [...errors],
    IntervalSeconds: budget.intervalSeconds,
    MaxAttempts: retries,
    BackoffRate: grows ? budget.backoffRate : 1,
    ...(grows && { MaxDelaySeconds: budget.maxDelaySeconds }),
    ...(budget.jitter === 'FULL' && { JitterStrategy: 'FULL' }),
  };
}
