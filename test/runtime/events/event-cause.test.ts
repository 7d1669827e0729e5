import { describe, expect, test } from 'vitest';
import { boundedText, eventCause } from '../../../lib/runtime/events/event-cause.ts';

describe('the text of an event', () => {
  test('a short text stays as it is', () => {
    expect(boundedText('no such table: orders', 1_000)).toBe('no such table: orders');
  });

  test('a long text ends before the character that would be cut, and shows that it was cut', () => {
    const family = '👨‍👩‍👧‍👦';
    expect(boundedText(`${'a'.repeat(995)}${family}${'b'.repeat(50)}`, 1_000)).toBe(`${'a'.repeat(995)}…`);
    expect(boundedText(`${'a'.repeat(990)}e\u0301${'b'.repeat(50)}`, 992)).toBe(`${'a'.repeat(990)}…`);
  });

  test('half a surrogate pair does not reach an event', () => {
    expect(boundedText('a\ud800b', 1_000)).toBe('a\ufffdb');
  });

  test('an error of 10 kB becomes at most 1,000 characters', () => {
    const { error, text } = eventCause({ error: 'RetryableError', cause: 'x'.repeat(10_000) });
    expect(error).toBe('RetryableError');
    expect(text).toHaveLength(1_000);
  });
});
