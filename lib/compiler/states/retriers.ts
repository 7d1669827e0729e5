import {
  backoffName,
  neverRetried,
  platformFaults,
  retryAfterName,
  retryAfterRungs,
  throttled,
  timeOuts,
} from '../../contract/error-names.ts';
import type { JsonObject } from '../../contract/json.ts';
import type { RetryBudget, StepPlan } from '../plan/plan.ts';
import { retryDelays } from '../plan/retry-delays.ts';

/**
 * The retriers of a step's Task, in the order in which Step Functions tries them: the first that matches counts the attempt, each for itself. Permanent errors get none; faults of the
 * platform and time-outs have a budget of their own. Errors of the step go to one of several: the runtime counts those together, and throws what is never retried when they are used up.
 */
export function stepRetriers({ retry }: StepPlan): JsonObject[] {
  return [
    { ErrorEquals: [...neverRetried], MaxAttempts: 0 },
    retrier(retry.repeatable ? platformFaults : [throttled], retry.platform),
    retrier(timeOuts, retry.timeOut),
    ...retryAfterLadder(retry.step),
    ...countedRetriers(retry.step),
    // What the runtime cannot name, a crash say, of a step whose delays it counts: the first delay.
    retrier(['States.ALL'], isCounted(retry.step) ? { ...retry.step, backoff: 'none' } : retry.step),
  ];
}

/** For functions of the platform, which can be repeated after any error but these. */
export function platformRetriers(permanent: readonly string[] = []): JsonObject[] {
  return [
    ...(permanent.length > 0 ? [{ ErrorEquals: [...permanent], MaxAttempts: 0 }] : []),
    retrier(['States.ALL'], patience),
  ];
}

const patience = {
  attempts: 9,
  intervalSeconds: 1,
  backoff: 'exponential',
  maxDelaySeconds: 60,
  jitter: 'FULL',
} as const;

/** How many retriers a step needs for delays that Step Functions cannot let grow: one per delay, the last for all that are as long; undefined for one without such delays. */
export function countedDelays(budget: RetryBudget): number | undefined {
  if (!isCounted(budget)) return undefined;
  const delays = retryDelays(budget);
  return delays.indexOf(delays.at(-1) as number) + 1;
}

const isCounted = ({ backoff }: RetryBudget): boolean => backoff === 'linear' || backoff === 'fibonacci';

function countedRetriers(budget: RetryBudget): JsonObject[] {
  const last = countedDelays(budget);
  if (last === undefined) return [];
  const delays = retryDelays(budget);
  return delays.slice(0, last).map((seconds, index) => {
    const attempts = index + 1 === last ? delays.length - index + 1 : 2;
    return retrier([backoffName(index + 1)], { ...budget, backoff: 'none', attempts, intervalSeconds: seconds });
  });
}

/**
 * One retrier per rung, without jitter: whoever asks to be left alone gets at least that. The runtime keeps count, so a retrier may allow more than there are: at least as many as
 * Step Functions takes for granted, which is the shortest to write.
 */
const retryAfterLadder = ({ attempts }: RetryBudget): JsonObject[] =>
  attempts === 1
    ? []
    : retryAfterRungs.map((rung) =>
        retrier([retryAfterName(rung)], {
          attempts: Math.max(attempts, 4),
          intervalSeconds: rung,
          backoff: 'none',
          maxDelaySeconds: rung,
          jitter: 'NONE',
        }),
      );

/** A retrier without what Step Functions takes for granted: one second, three retries, a delay that doubles. A ladder on each of 500 steps has to fit into a definition. */
function retrier(errors: readonly string[], budget: RetryBudget): JsonObject {
  const retries = budget.attempts - 1;
  if (retries <= 0) return { ErrorEquals: [...errors], MaxAttempts: 0 };
  const doubles = budget.backoff === 'exponential' && retries > 1 && budget.intervalSeconds < budget.maxDelaySeconds;
  return {
    ErrorEquals: [...errors],
    ...(budget.intervalSeconds !== 1 && { IntervalSeconds: budget.intervalSeconds }),
    ...(retries !== 3 && { MaxAttempts: retries }),
    ...(doubles ? { MaxDelaySeconds: budget.maxDelaySeconds } : retries > 1 && { BackoffRate: 1 }),
    ...(budget.jitter === 'FULL' && { JitterStrategy: 'FULL' }),
  };
}
