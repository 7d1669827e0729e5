import { expect, test } from 'vitest';
import { errorNames } from '../../lib/contract/error-names.ts';
import {
  AlreadySettledError,
  BlockedError,
  InvalidInputError,
  PermanentError,
  PipelineFailedError,
  PlatformError,
  RetryableError,
  ValidationError,
} from '../../lib/contract/errors.ts';

test('every error has the name that Step Functions matches', () => {
  const errors = {
    permanent: new PermanentError('m'),
    retryable: new RetryableError('m'),
    validation: new ValidationError('m'),
    blocked: new BlockedError('m'),
    settled: new AlreadySettledError('m'),
    platform: new PlatformError('m'),
    invalidInput: new InvalidInputError('m', []),
    pipelineFailed: new PipelineFailedError('m'),
  };
  const names = Object.fromEntries(Object.entries(errors).map(([key, error]) => [key, error.name]));
  expect(errorNames).toMatchObject(names);
  for (const error of Object.values(errors)) {
    expect(error).toBeInstanceOf(Error);
    expect(error.message).toBe('m');
  }
});

test('the text of a violated schema lists its violations, twenty at most', () => {
  expect(new ValidationError('wrong:', ['a', 'b'])).toMatchObject({
    message: 'wrong:\n- a\n- b',
    violations: ['a', 'b'],
  });
  const many = Array.from({ length: 25 }, (_, index) => `${index}`);
  const { message, violations } = new ValidationError('wrong:', many);
  expect(message.split('\n').slice(-2)).toEqual(['- 19', '- and 5 more']);
  expect(violations).toEqual(many);
});

test('a retryable error keeps the requested delay', () => {
  expect(new RetryableError('m', { retryAfter: 30 }).retryAfter).toBe(30);
  expect(new RetryableError('m').retryAfter).toBeNull();
});
