import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDuration, showDuration } from '../../../lib/compiler/template/keys/read-duration.ts';
import { stepWith } from './parse.ts';

test.each([
  ['30s', 30_000],
  ['20m', 1_200_000],
  ['1h30m', 5_400_000],
  ['500ms', 500],
  ['1.5h', 5_400_000],
  ['1d', 86_400_000],
  ['1d2h3m4s5ms', 93_784_005],
])('%s is %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

test.each(['', 's', '5', '5 s', '5 minutes', '1m1h', '-5s', '5S', '1e3s', '10 parsecs', '5.s', '１s'])(
  '%j is not a duration',
  (text) => expect(parseDuration(text)).toBeNull(),
);

test('a duration that is shown reads back as the same', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 10 ** 9 }), (ms) => parseDuration(showDuration(ms)) === ms));
});

test.each(['soon', '"90"', '-1', '0', '0s', '[1]', '{}', 'true', '.5x', '366d'])(
  'timeout: %s is BAD_DURATION at its value',
  (value) => {
    const { parsed } = stepWith(`timeout: ${value}`);
    expect(parsed.codes).toEqual(['BAD_DURATION 5:14']);
    expect(parsed.found[0]?.message).toMatch(/30s, 20m, 1h30m/);
  },
);

test('a key that names its unit takes a number only', () => {
  for (const key of ['timeout_seconds', 'timeout_ms', 'timeout_minutes'])
    expect(stepWith(`${key}: 30s`).parsed.codes).toEqual([`BAD_DURATION 5:${key.length + 7}`]);
});

test('a time-out of more than 15 minutes is taken as it is', () => {
  const { step, parsed } = stepWith('timeout: 20m');
  expect(step?.timeoutMs).toBe(1_200_000);
  expect(parsed.found).toEqual([]);
});

test('time-outs and delays are rounded up to whole seconds, each with one warning', () => {
  const { step, parsed } = stepWith('timeout: 1500ms\nretry:\n  initial_delay: 50ms\n  max_delay: 2.5');
  expect([step?.timeoutMs, step?.retry.initialDelayMs, step?.retry.maxDelayMs]).toEqual([2000, 1000, 3000]);
  expect(parsed.codes).toEqual(['VALUE_ROUNDED 5:14', 'VALUE_ROUNDED 7:22', 'VALUE_ROUNDED 8:18']);
});

test('a longest delay below the first is explained, and every delay is the longest', () => {
  const { step, parsed } = stepWith('retry: { initial_delay: 60, max_delay: 30 }');
  expect(step?.retry).toMatchObject({ initialDelayMs: 30_000, maxDelayMs: 30_000 });
  expect(parsed.found).toMatchObject([{ code: 'MAX_DELAY_BELOW_INITIAL', related: { message: 'the first delay' } }]);
});

test('every backoff is taken with any number of attempts', () => {
  for (const backoff of ['none', 'linear', 'exponential', 'fibonacci']) {
    const { step, parsed } = stepWith(`retry: { backoff: ${backoff}, max_attempts: 100 }`);
    expect([step?.retry.backoff, parsed.codes]).toEqual([backoff, []]);
  }
});

test.each([
  ['max_attempts: -1', 'BAD_VALUE'],
  ['max_attempts: 101', 'BAD_VALUE'],
  ['max_attempts: 1.5', 'BAD_VALUE'],
  ['max_attempts: "3"', 'BAD_TYPE'],
  ['platform_attempts: 101', 'BAD_VALUE'],
  ['timeout_attempts: many', 'BAD_TYPE'],
  ['backoff: expontial', 'BAD_VALUE'],
  ['jitter: some', 'BAD_VALUE'],
  ['retryable: yes', 'BAD_TYPE'],
])('retry %s is %s', (key, code) =>
  expect(stepWith(`retry:\n  ${key}`).parsed.found.map((d) => d.code)).toEqual([code]),
);

test('no attempts mean one, as in Tasker, with a warning', () => {
  for (const [key, value] of [
    ['max_attempts', 'maxAttempts'],
    ['platform_attempts', 'platformAttempts'],
    ['timeout_attempts', 'timeoutAttempts'],
  ] as const) {
    const { step, parsed } = stepWith(`retry: { ${key}: 0 }`);
    expect([step?.retry[value], parsed.codes]).toEqual([1, [`VALUE_ROUNDED 5:${16 + key.length}`]]);
  }
});

test.each([
  ['memory_mb: 127', 'BAD_VALUE'],
  ['memory_mb: 10241', 'BAD_VALUE'],
  ['memory_mb: lots', 'BAD_TYPE'],
  ['severity: hihg', 'BAD_VALUE'],
  ['trigger_rule: one_success', 'BAD_VALUE'],
  ['optional: 1', 'BAD_TYPE'],
  ['dependencies: { a: 1 }', 'BAD_TYPE'],
  ['description: [x]', 'BAD_TYPE'],
])('%s is %s', (key, code) => expect(stepWith(key).parsed.found.map((d) => d.code)).toEqual([code]));
