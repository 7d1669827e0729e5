import { expect, test } from 'vitest';
import { nearestName } from '../../lib/diagnostics/did-you-mean.ts';

test.each([
  ['extrct', 'extract'],
  ['Extract', 'extract'],
  ['max-attempts', 'max_attempts'],
  ['nmae', 'name'],
  ['xyz', null],
  ['na', null],
  ['something_else_entirely', null],
])('%s is most likely %s', (typed, known) => {
  expect(nearestName(typed, ['name', 'extract', 'max_attempts'])).toBe(known);
});

test.each([
  ['retries', 'retry'],
  ['retry_policy', 'retry'],
  ['dependency', 'dependencies'],
  ['env', 'environment'],
  ['memory', 'memory_mb'],
  ['time', 'timeout'],
  ['timeouts', 'timeout'],
  // Not the milliseconds, though only one letter is missing there.
  ['timeout_s', 'timeout_seconds'],
  ['dependsOn', 'depends_on'],
  ['needs', null],
])('the key "%s" most likely means %s', (typed, known) => {
  const keys = ['retry', 'retry_limit', 'timeout', 'timeout_ms', 'timeout_seconds', 'environment', 'memory_mb'];
  expect(nearestName(typed, [...keys, 'depends_on', 'depends_on_step', 'dependencies'])).toBe(known);
});

test('several names that begin with what was typed are no hint', () => {
  expect(nearestName('load', ['load_orders', 'load_returns'])).toBeNull();
});

test('nothing is near when nothing is known', () => expect(nearestName('x', [])).toBeNull());
