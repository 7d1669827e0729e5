import { expect, test } from 'vitest';
import { toStepError } from '../../../lib/runtime/attempt/to-step-error.ts';
import { readFailure } from '../../../lib/runtime/records/read-failure.ts';

/** The record of an error, after Lambda's Node runtime has made a cause of it. */
function recordedOf(thrown: unknown, redact = (text: string): string => text) {
  const error = toStepError(thrown, { timedOut: false, redact });
  const cause = { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') };
  return readFailure({ Error: error.name, Cause: JSON.stringify(cause) });
}

test('the record of a failure has the place in the code of the author', () => {
  const thrown = new Error('boom');
  // Vitest may load the file with a query behind its name.
  const line = Number(/error-trace\.test\.ts[^:]*:(\d+)/.exec(thrown.stack ?? '')?.[1]);
  expect(recordedOf(thrown)).toEqual({
    error: 'Error',
    cause: 'boom',
    thrown_at: expect.stringMatching(new RegExp(`test/runtime/attempt/error-trace\\.test\\.ts[^:]*:${line}:\\d+$`)),
  });
});

test('the record of a failure has its causes, the nearest first, with their codes', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
  const closed = Object.assign(new Error('closed'), { code: 'UND_ERR_CLOSED' });
  const thrown = new Error('cannot load', {
    cause: new TypeError('fetch failed', { cause: new AggregateError([refused, closed], 'all') }),
  });
  expect(recordedOf(thrown).caused_by).toEqual([
    'TypeError: fetch failed',
    'AggregateError: all',
    'Error: connect ECONNREFUSED 127.0.0.1:5432',
    'Error: closed (UND_ERR_CLOSED)',
  ]);
});

test('causes that go in a circle are each told once, and secrets in them are not', () => {
  const first = new Error('first s3cret');
  first.cause = new Error('second s3cret', { cause: first });
  const recorded = recordedOf(first, (text) => text.replaceAll('s3cret', '[secret]'));
  expect(recorded).toMatchObject({ cause: 'first [secret]', caused_by: ['Error: second [secret]'] });
});

test.each([
  [
    '2026-01-31T01:00:00Z 1b2c Task timed out after 3.00 seconds',
    /3\.00 seconds; the step's key `timeout` sets this limit$/,
  ],
  [
    'RequestId: 1b2c Error: Runtime exited with error: signal: killed',
    /killed; most likely .* `memory_mb` sets the limit$/,
  ],
])('a message of Lambda gets the key that it is about: %s', (cause, told) => {
  expect(readFailure({ Error: 'x', Cause: cause }).cause).toMatch(told);
});

test('a long cause is cut between words', () => {
  const { cause } = readFailure({ Error: 'x', Cause: 'some words '.repeat(2_000) });
  expect(cause.length).toBeLessThanOrEqual(8 * 1024 + 10);
  expect(cause).toMatch(/(some|words)… \(cut\)$/);
});
