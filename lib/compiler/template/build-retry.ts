import { showDuration } from './keys/read-duration.ts';
import type { Backoff, Jitter, RetryTemplate } from './template.ts';
import type { Reading } from './tree/reading.ts';
import { get, type Scalar, type Tree } from './tree/tree.ts';

/** A step's retries with effective values: whole seconds, as Step Functions waits. */
export function buildRetry(retry: Tree | null, reading: Reading): RetryTemplate {
  const scalar = (key: string): Scalar | null => {
    const value = get(retry, key);
    return value?.kind === 'scalar' ? value : null;
  };
  const [initial, longest] = [scalar('initial_delay'), scalar('max_delay')];
  const initialMs = wholeSeconds(initial, 'the first delay', reading);
  const longestMs = wholeSeconds(longest, 'the longest delay', reading);
  if (initial && longest && initialMs !== null && longestMs !== null && longestMs < initialMs) {
    const message = `the longest delay of ${showDuration(longestMs)} is shorter than the first of ${showDuration(initialMs)}; the effective value of every delay is ${showDuration(longestMs)}`;
    reading.say('MAX_DELAY_BELOW_INITIAL', longest.range, message, { message: 'the first delay', at: initial.range });
  }
  return {
    retryable: (scalar('retryable')?.value ?? null) as boolean | null,
    maxAttempts: effectiveAttempts(scalar('max_attempts'), reading),
    platformAttempts: effectiveAttempts(scalar('platform_attempts'), reading),
    timeoutAttempts: effectiveAttempts(scalar('timeout_attempts'), reading),
    backoff: (scalar('backoff')?.value ?? null) as Backoff | null,
    initialDelayMs: initialMs !== null && longestMs !== null ? Math.min(initialMs, longestMs) : initialMs,
    maxDelayMs: longestMs,
    jitter: (scalar('jitter')?.value ?? null) as Jitter | null,
  };
}

const effectiveAttempts = (value: Scalar | null, reading: Reading): number | null => {
  if (value?.value !== 0) return (value?.value as number | undefined) ?? null;
  const message = 'the first attempt counts, so there is always one; the effective value of 0 attempts is 1';
  reading.say('VALUE_ROUNDED', value.range, message);
  return 1;
};

/** Step Functions waits whole seconds, and at least one. */
const wholeSeconds = (value: Scalar | null, what: string, reading: Reading): number | null => {
  if (typeof value?.value !== 'number') return null;
  const whole = Math.ceil(value.value / 1000) * 1000;
  if (whole !== value.value) {
    const message = `${what} of ${showDuration(value.value)} is not whole seconds; the effective value is ${showDuration(whole)}`;
    reading.say('VALUE_ROUNDED', value.range, message);
  }
  return whole;
};
