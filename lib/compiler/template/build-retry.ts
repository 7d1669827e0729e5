import { take } from './keys/key-table.ts';
import { showDuration } from './keys/read-duration.ts';
import * as keys from './keys/retry-keys.ts';
import type { RetryTemplate } from './template.ts';
import type { Reading } from './tree/reading.ts';
import type { Tree } from './tree/tree.ts';

/** A step's retries with effective values. */
export function buildRetry(retry: Tree | null, reading: Reading): RetryTemplate {
  const initialMs = take(retry, keys.initialDelay, reading);
  const longestMs = take(retry, keys.maxDelay, reading);
  if (retry?.kind === 'map' && initialMs !== null && longestMs !== null && longestMs < initialMs) {
    const [first, longest] = [retry.entries.get('initial_delay'), retry.entries.get('max_delay')];
    const message = `the longest delay of ${showDuration(longestMs)} is shorter than the first of ${showDuration(initialMs)}; the effective value of every delay is ${showDuration(longestMs)}`;
    if (first && longest)
      reading.say('MAX_DELAY_BELOW_INITIAL', longest.value.range, message, {
        message: 'the first delay',
        at: first.value.range,
      });
  }
  return {
    retryable: take(retry, keys.retryable, reading),
    maxAttempts: take(retry, keys.maxAttempts, reading),
    platformAttempts: take(retry, keys.platformAttempts, reading),
    timeoutAttempts: take(retry, keys.timeoutAttempts, reading),
    backoff: take(retry, keys.backoff, reading),
    initialDelayMs: initialMs !== null && longestMs !== null ? Math.min(initialMs, longestMs) : initialMs,
    maxDelayMs: longestMs,
    jitter: take(retry, keys.jitter, reading),
  };
}
