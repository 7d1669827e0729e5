import { type Delays, delayAfter } from '../../contract/retry-delays.ts';
import type { RetryBudget } from './plan.ts';

/** The delays of a budget as the runtime knows them. */
export function delaysOf({ backoff, intervalSeconds, maxDelaySeconds, jitter }: RetryBudget): Delays {
  return { backoff, initial_seconds: intervalSeconds, longest_seconds: maxDelaySeconds, jitter: jitter === 'FULL' };
}

/** Seconds before each retry, in order; with jitter each is the longest that it can be. */
export function retryDelays(budget: RetryBudget): number[] {
  const delays = delaysOf(budget);
  return Array.from({ length: Math.max(0, budget.attempts - 1) }, (_, index) => delayAfter(delays, index + 1));
}
