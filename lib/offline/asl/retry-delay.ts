import type { Retrier } from './step.ts';

/** Milliseconds before retry number `retry` (from 0) of a retrier: exponential, capped, and with full jitter anything from 0 to that. */
export function retryDelay(retrier: Retrier, retry: number, random: () => number): number {
  const grown = retrier.intervalSeconds * retrier.backoffRate ** retry;
  const seconds = Math.min(grown, retrier.maxDelaySeconds ?? Number.MAX_SAFE_INTEGER / 1000);
  return Math.round(1000 * (retrier.jitter ? random() * seconds : seconds));
}
