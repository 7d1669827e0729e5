/** The growth of the delays between a step's retries. The compiler shows them and writes those that Step Functions can count; the runtime calculates the others. */
export type Backoff = 'none' | 'linear' | 'exponential' | 'fibonacci';

/** Delays in whole seconds, at least 1. */
export interface Delays {
  readonly backoff: Backoff;
  readonly initial_seconds: number;
  readonly longest_seconds: number;
  /** Each delay is anything from 0 to its full length. */
  readonly jitter: boolean;
}

/** The k-th delay (from 1) as a multiple of the first. */
const growth: Readonly<Record<Backoff, (k: number) => number>> = {
  none: () => 1,
  linear: (k) => k,
  exponential: (k) => 2 ** (k - 1),
  fibonacci: (k) => {
    let [one, next] = [1, 1];
    for (let i = 1; i < k; i++) [one, next] = [next, one + next];
    return one;
  },
};

/** Seconds to wait after the k-th error, from 1; with jitter this is the longest that it can be. */
export function delayAfter({ backoff, initial_seconds, longest_seconds }: Omit<Delays, 'jitter'>, k: number): number {
  return Math.min(longest_seconds, initial_seconds * growth[backoff](k));
}

/** The longest delay that an error can ask for with Retry-After: a day. A server that asks for more is down, and the run's own time is over by then. */
export const longestRestSeconds = 24 * 60 * 60;
