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

test('nothing is near when nothing is known', () => expect(nearestName('x', [])).toBeNull());
