import { errorNames, neverRetried, platformFaults, throttled, timeOuts } from '../../contract/error-names.ts';
import type { JsonObject } from '../../contract/json.ts';
import type { RetryBudget, StepPlan } from '../plan/plan.ts';
import { retryDelays } from '../plan/retry-delays.ts';

/**
 * The retriers of a step's Task, in the order in which Step Functions tries them: the first that matches counts the attempt, each for itself. Permanent errors get none. A
 * throttled invocation, faults of the platform and time-outs have a budget each; every other error spends the step's own. Delays that no retrier can count are not here: the
 * function throws `TryAgain` for them, and the machine waits.
 */
export function stepRetriers(plan: StepPlan, patience: RetryBudget): JsonObject[] {
  const { step, platform, timeOut, repeatable } = plan.retry;
  const isLong = plan.timeoutSeconds > plan.functionTimeoutSeconds;
  return [
    { ErrorEquals: [...neverRetried], MaxAttempts: 0 },
    retrier([throttled], patience),
    ...(repeatable ? [retrier(platformFaults, platform)] : []),
    retrier(isLong ? timeOuts : timeOuts.slice(0, 2), timeOut),
    // A crash, of which the function cannot tell the machine how long to wait: the first delay where the delays grow in a way that Step Functions cannot count.
    retrier(['States.ALL'], isCountable(step) ? step : { ...step, backoff: 'none' }),
  ];
}

/**
 * For Prepare and Finalize, which can be repeated after any error but these and a permanent one, such as a damaged record. Another error that lasts for minutes ends the
 * execution, which then can be redriven.
 */
export function platformRetriers(never: readonly string[], patience: RetryBudget): JsonObject[] {
  return [
    { ErrorEquals: [errorNames.permanent, ...never], MaxAttempts: 0 },
    retrier([throttled], patience),
    retrier(['States.ALL'], { ...patience, attempts: 9 }),
  ];
}

/** For the functions of the platform inside the graph: an execution cannot do without them, so they are as patient with every error as with throttling. */
export function graphRetriers(errors: 'States.ALL' | 'States.TaskFailed', patience: RetryBudget): JsonObject[] {
  return [retrier([errors], patience)];
}

const isCountable = ({ backoff }: RetryBudget): boolean => backoff === 'none' || backoff === 'exponential';

/** A retrier without what Step Functions takes for granted: one second, three retries, a delay that doubles. */
function retrier(errors: readonly string[], budget: RetryBudget): JsonObject {
  const retries = budget.attempts - 1;
  if (retries <= 0) return { ErrorEquals: [...errors], MaxAttempts: 0 };
  const doubles = budget.backoff === 'exponential' && retries > 1 && budget.intervalSeconds < budget.maxDelaySeconds;
  const reachesLongest = budget.intervalSeconds * 2 ** (retries - 1) > (retryDelays(budget).at(-1) ?? 0);
  return {
    ErrorEquals: [...errors],
    ...(budget.intervalSeconds !== 1 && { IntervalSeconds: budget.intervalSeconds }),
    ...(retries !== 3 && { MaxAttempts: retries }),
    ...(doubles ? reachesLongest && { MaxDelaySeconds: budget.maxDelaySeconds } : retries > 1 && { BackoffRate: 1 }),
    ...(budget.jitter === 'FULL' && { JitterStrategy: 'FULL' }),
  };
}
