import { describe, expect, test } from 'vitest';
import { planRetry } from '../../../lib/compiler/plan/plan-retry.ts';
import { retryDelays } from '../../../lib/compiler/plan/retry-delays.ts';
import type { RetryTemplate } from '../../../lib/compiler/template/template.ts';

const nothing: RetryTemplate = {
  retryable: null,
  maxAttempts: null,
  platformAttempts: null,
  timeoutAttempts: null,
  backoff: null,
  initialDelayMs: null,
  maxDelayMs: null,
  jitter: null,
};

describe('plan of retries', () => {
  test('what the author leaves out has its default: 3 attempts, 1 s doubling to 30 s, full jitter', () => {
    expect(planRetry(nothing).step).toEqual({
      attempts: 3,
      intervalSeconds: 1,
      backoff: 'exponential',
      maxDelaySeconds: 30,
      jitter: 'FULL',
    });
  });

  test('a first delay longer than the default longest one is kept', () => {
    expect(planRetry({ ...nothing, initialDelayMs: 60_000 }).step).toMatchObject({
      intervalSeconds: 60,
      maxDelaySeconds: 60,
    });
  });

  test('a longest delay below the first one holds', () => {
    expect(planRetry({ ...nothing, initialDelayMs: 60_000, maxDelayMs: 10_000 }).step).toMatchObject({
      intervalSeconds: 10,
      maxDelaySeconds: 10,
    });
  });

  test('a step that is not retryable has one attempt, also with max_attempts', () => {
    expect(planRetry({ ...nothing, retryable: false, maxAttempts: 5 })).toMatchObject({
      repeatable: false,
      step: { attempts: 1 },
      timeOut: { attempts: 1 },
    });
  });

  test('each budget has the attempts that the author gives it, and the usual ones otherwise', () => {
    const attempts = (retry: Partial<RetryTemplate>) => {
      const { step, timeOut, platform } = planRetry({ ...nothing, ...retry });
      return [step.attempts, timeOut.attempts, platform.attempts];
    };
    expect(attempts({})).toEqual([3, 3, 6]);
    expect(attempts({ maxAttempts: 5 })).toEqual([5, 5, 6]);
    expect(attempts({ maxAttempts: 5, timeoutAttempts: 1, platformAttempts: 9 })).toEqual([5, 1, 9]);
    expect(attempts({ retryable: false, timeoutAttempts: 4, platformAttempts: 9 })).toEqual([1, 1, 9]);
  });

  test.each([
    ['none', [2, 2, 2, 2, 2, 2]],
    ['linear', [2, 4, 6, 8, 10, 12]],
    ['exponential', [2, 4, 8, 16, 20, 20]],
    ['fibonacci', [2, 2, 4, 6, 10, 16]],
  ] as const)('%s grows like this, up to the longest delay', (backoff, delays) => {
    const { step } = planRetry({ ...nothing, maxAttempts: 7, backoff, initialDelayMs: 2000, maxDelayMs: 20_000 });
    expect(retryDelays(step)).toEqual(delays);
  });

  test('time-outs double or stay as they are, since Step Functions counts them', () => {
    const grows = (backoff: RetryTemplate['backoff']) => planRetry({ ...nothing, backoff }).timeOut.backoff;
    expect([grows(null), grows('exponential'), grows('none')]).toEqual(['exponential', 'exponential', 'none']);
    expect([grows('linear'), grows('fibonacci')]).toEqual(['none', 'none']);
  });

  test('a backoff whose delays are all the same becomes none, so the function does not have to count', () => {
    const backoffOf = (retry: Partial<RetryTemplate>) => planRetry({ ...nothing, ...retry }).step.backoff;
    for (const backoff of ['linear', 'fibonacci'] as const) {
      expect(backoffOf({ backoff, maxAttempts: 2 })).toBe('none');
      expect(backoffOf({ backoff, initialDelayMs: 5000, maxDelayMs: 5000 })).toBe('none');
      expect(backoffOf({ backoff, retryable: false })).toBe('none');
      expect(backoffOf({ backoff, maxAttempts: 4 })).toBe(backoff);
    }
  });

  test('delays are whole seconds, at least one', () => {
    expect(planRetry({ ...nothing, initialDelayMs: 1500, maxDelayMs: 2500 }).step).toMatchObject({
      intervalSeconds: 2,
      maxDelaySeconds: 3,
    });
    expect(planRetry({ ...nothing, initialDelayMs: 50, maxDelayMs: 100 }).step).toMatchObject({ intervalSeconds: 1 });
  });
});
