import { describe, expect, test } from 'vitest';
import { planRetry } from '../../lib/plan/plan-retry.ts';
import type { RetryTemplate } from '../../lib/template/template.ts';

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
      backoffRate: 2,
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

  test('a step that is not retryable has one attempt, whatever max_attempts says', () => {
    expect(planRetry({ ...nothing, retryable: false, maxAttempts: 5 })).toMatchObject({
      repeatable: false,
      step: { attempts: 1 },
      timeOut: { attempts: 1 },
    });
  });

  test('delays are whole seconds, at least one', () => {
    expect(planRetry({ ...nothing, initialDelayMs: 1500, maxDelayMs: 2500 }).step).toMatchObject({
      intervalSeconds: 2,
      maxDelaySeconds: 3,
    });
    expect(planRetry({ ...nothing, initialDelayMs: 50, maxDelayMs: 100 }).step).toMatchObject({ intervalSeconds: 1 });
  });
});
