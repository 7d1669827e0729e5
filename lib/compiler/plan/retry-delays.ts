import type { Backoff } from '../template/template.ts';
import type { RetryBudget } from './plan.ts';

/** How many times the first delay each delay is: `growth.linear(2)` is that of the third. */
const growth: Readonly<Record<Backoff, (retry: number) => number>> = {
  none: () => 1,
  linear: (retry) => retry + 1,
  exponential: (retry) => 2 ** retry,
  fibonacci: (retry) => {
    let [one, next] = [1, 1];
    for (let i = 0; i < retry; i++) [one, next] = [next, one + next];
    return one;
  },
};

/** Seconds before each retry, in order; with jitter each is the most that it can be. */
export function retryDelays({ attempts, intervalSeconds, backoff, maxDelaySeconds }: RetryBudget): number[] {
  return Array.from({ length: Math.max(0, attempts - 1) }, (_, retry) =>
    Math.min(maxDelaySeconds, intervalSeconds * growth[backoff](retry)),
  );
}
