import type { RetryTemplate } from '../template/template.ts';
import { defaults, platformBudget } from './defaults.ts';
import type { RetryBudget, StepPlan } from './plan.ts';

/**
 * The three budgets of a step. Errors of the step and time-outs have the author's number of attempts, each counted apart; faults of the platform have their own.
 * `retryable: false` leaves one attempt, and repeats only an invocation that was throttled, since that one certainly did not start.
 */
export function planRetry(retry: RetryTemplate): StepPlan['retry'] {
  const repeatable = retry.retryable ?? true;
  const budget = stepBudget(retry, repeatable ? (retry.maxAttempts ?? defaults.maxAttempts) : 1);
  return { step: budget, timeOut: budget, platform: platformBudget, repeatable };
}

/** Linear and fibonacci come here only with at most one delay, where all backoffs are the same; the template's check rejects the rest. */
function stepBudget(retry: RetryTemplate, attempts: number): RetryBudget {
  const initialDelayMs = retry.initialDelayMs ?? defaults.initialDelayMs;
  // An author who asks for a long first delay and says nothing of the longest means at least that.
  const maxDelaySeconds = seconds(retry.maxDelayMs ?? Math.max(defaults.maxDelayMs, initialDelayMs));
  return {
    attempts,
    intervalSeconds: Math.min(seconds(initialDelayMs), maxDelaySeconds),
    backoffRate: (retry.backoff ?? defaults.backoff) === 'exponential' ? 2 : 1,
    maxDelaySeconds,
    jitter: (retry.jitter ?? defaults.jitter) === 'full' ? 'FULL' : 'NONE',
  };
}

/** Step Functions waits whole seconds, at least one. */
const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));
