import { expect, test } from 'vitest';
import { checkNeeds } from '../../../lib/compiler/checks/check-needs.ts';
import type { Diagnostic } from '../../../lib/diagnostics/diagnostic.ts';
import { parse, parseGood } from './parse.ts';

const template = (
  needs: string,
  { partition = 'partition: { by: day }', publish = 'publish: { datasets: [a.x] }', name = 'b' } = {},
) =>
  `name: p\n${partition}\n${publish}\nsteps:\n  - { name: a, handler: a }\n  - { name: ${name}, handler: b, dependencies: [a], needs: ${needs} }\n`;
const checked = (text: string): Diagnostic[] => {
  const found: Diagnostic[] = [];
  checkNeeds(parseGood(text), (one) => found.push(one));
  return found;
};

test.each([
  ['{ dataset: a, from: -6d }', '"dataset" is "a"; write step.dataset'],
  ['{ dataset: a.x, from: 6d }', '"from" is "6d"; write how far back: -6d'],
  ['{ dataset: a.x, from: -0d }', '"from" is "-0d"'],
  ['{ dataset: a.x }', 'needs the key "from"'],
  ['{ dataset: a.x, from: -6d, missing: ignore }', 'one of error, skip'],
])('%s: %s', (needs, message) => {
  expect(parse(template(needs)).found.map((one) => one.message)).toEqual([expect.stringContaining(message)]);
});

test('a window over published partitions of the same kind is accepted', () => {
  expect(checked(template('{ dataset: a.x, from: -6d }'))).toEqual([]);
});

test.each([
  [template('{ dataset: a.x, from: -6d }', { partition: '' }), 'this pipeline has no key "partition"'],
  [template('{ dataset: a.x, from: -6h }'), '"from" counts by hour, but the pipeline has a partition for each day'],
  [template('{ dataset: a.y, from: -6d }'), '"publish" does not have "a.y"; did you mean "a.x"?'],
  [template('{ dataset: c.x, from: -6d }', { publish: 'publish: { datasets: [c.x] }' }), 'does not depend on "c"'],
  [template('{ dataset: a.x, from: -6d }', { publish: '' }), '"publish" does not have "a.x"'],
  [template('{ dataset: a.x, from: -6d }', { name: 'earlier' }), '"earlier" is the name of the earlier partitions'],
])('%s is refused: %s', (text, message) => {
  expect(checked(text).map((one) => one.message)).toEqual([expect.stringContaining(message)]);
});
