import type { RetryTemplate } from '../template/template.ts';
import { defaults, platformBudget } from './defaults.ts';
import type { RetryBudget, StepPlan } from './plan.ts';
import { retryDelays } from './retry-delays.ts';

/**
 * The three budgets of a step: its own errors, faults of the platform and time-outs, each counted apart. `retryable: false` leaves one attempt, and repeats only an invocation that
 * was throttled, since that one certainly did not start.
 */
export function planRetry(retry: RetryTemplate): StepPlan['retry'] {
  const repeatable = retry.retryable ?? true;
  const step = stepBudget(retry, repeatable ? (retry.maxAttempts ?? defaults.maxAttempts) : 1);
  return {
    step,
    timeOut: {
      ...step,
      attempts: repeatable ? (retry.timeoutAttempts ?? step.attempts) : 1,
      // Step Functions counts time-outs itself, and has no other form of growth.
      backoff: (retry.backoff ?? defaults.backoff) === 'exponential' ? 'exponential' : 'none',
    },
    platform: { ...platformBudget, attempts: retry.platformAttempts ?? platformBudget.attempts },
    repeatable,
  };
}

function stepBudget(retry: RetryTemplate, attempts: number): RetryBudget {
  const initialDelayMs = retry.initialDelayMs ?? defaults.initialDelayMs;
  // If an author gives a long first delay and no longest one, the longest is at least the first.
  const maxDelaySeconds = seconds(retry.maxDelayMs ?? Math.max(defaults.maxDelayMs, initialDelayMs));
  const budget: RetryBudget = {
    attempts,
    intervalSeconds: Math.min(seconds(initialDelayMs), maxDelaySeconds),
    backoff: retry.backoff ?? defaults.backoff,
    maxDelaySeconds,
    jitter: (retry.jitter ?? defaults.jitter) === 'full' ? 'FULL' : 'NONE',
  };
  // Delays that never change need no count.
  return new Set(retryDelays(budget)).size > 1 || budget.backoff === 'exponential'
    ? budget
    : { ...budget, backoff: 'none' };
}

/** Step Functions waits whole seconds, at least one. */
const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));
