import { describe, expect, test } from 'vitest';
import { isLimitUsedUp, wantedRest } from '../../../lib/runtime/fetch/wanted-rest.ts';

const now = Date.parse('2026-02-01T01:00:00Z');
const restOf = (headers: Record<string, string>) => wantedRest(new Headers(headers), now);

describe('Retry-After', () => {
  // RFC 9110, 10.2.3 and 5.6.7.
  test.each([
    ['7', 7],
    ['0', 0],
    ['1.5', 2],
    ['0.2', 1],
    [' 12 ', 12],
    ['Sun, 01 Feb 2026 01:00:30 GMT', 30],
    ['Sunday, 01-Feb-26 01:00:30 GMT', 30],
    ['Sun Feb  1 01:00:30 2026', 30],
    ['Sun, 01 Feb 2026 00:00:00 GMT', 0],
    ['soon', null],
    ['-5', null],
    ['1e3', null],
    ['2026', 2026],
    ['Sun, 31 Feb 2026 01:00:30 GMT', null],
    ['1, 2', null],
    ['', null],
  ])('%j asks for %j seconds', (text, seconds) => expect(restOf({ 'retry-after': text })).toBe(seconds));

  test('in milliseconds is rounded up', () => {
    expect(restOf({ 'retry-after-ms': '1200' })).toBe(2);
    expect(restOf({ 'x-ms-retry-after-ms': '250' })).toBe(1);
  });

  test('counts more than a limit', () => {
    expect(restOf({ 'retry-after': '3', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '50' })).toBe(3);
  });
});

describe('a limit', () => {
  test.each<[Record<string, string>, number | null]>([
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1769907690' }, 90],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1769907690000' }, 90],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '45' }, 45],
    [{ 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': '1769907600' }, 0],
    [{ 'ratelimit-remaining': '0', 'ratelimit-reset': '50' }, 50],
    [{ ratelimit: '"default";r=0;t=30' }, 30],
    [{ ratelimit: 'limit=100, remaining=0, reset=20' }, 20],
    [{ 'x-ratelimit-remaining': '12', 'x-ratelimit-reset': '45' }, null],
    [{ ratelimit: '"default";r=5;t=30' }, null],
    [{}, null],
  ])('%j asks for %j seconds', (headers, seconds) => {
    expect(restOf(headers)).toBe(seconds);
    expect(isLimitUsedUp(new Headers(headers))).toBe(seconds !== null);
  });
});
