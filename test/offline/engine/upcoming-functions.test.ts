import { expect, test } from 'vitest';
import { upcomingFunctions } from '../../../lib/offline/engine/upcoming-functions.ts';
import { compiled } from '../../support/compiled.ts';

/** Two roots with one function, a chain behind the first with a second function, listed backwards. */
const { plan, machine } = compiled(`name: p
version: 1.0.0
steps:
  - { name: last, handler: { callable: go }, memory_mb: 600, dependencies: [next] }
  - { name: next, handler: { callable: go }, memory_mb: 600, dependencies: [one] }
  - { name: two, handler: { callable: go } }
  - { name: one, handler: { callable: go } }
`);

const functionOf = (step: string): string =>
  machine.functions.find(({ steps }) => steps.includes(step))?.placeholder ?? '';

const roots = functionOf('one');
const chain = functionOf('next');
const event = (step: string) => ({ state: { Name: step } });

test('an execution expects Prepare, the steps by their depth, and Finalize', () => {
  expect(functionOf('two')).toBe(roots);
  expect(functionOf('last')).toBe(chain);
  expect(chain).not.toBe(roots);
  const upcoming = upcomingFunctions(plan.steps, machine);
  // One process of the chain's function is enough for both of its steps: the second begins when the first has ended.
  expect(upcoming(null)).toEqual(['Prepare', roots, roots, chain, 'Finalize']);
});

test('a step that has begun is expected no more', () => {
  const upcoming = upcomingFunctions(plan.steps, machine);
  upcoming(null);
  expect(upcoming({})).toEqual([roots, roots, chain, 'Finalize'].toSpliced(0, 0, 'Prepare'));
  expect(upcoming(event('one'))).toEqual([roots, chain, 'Finalize']);
  expect(upcoming(event('two'))).toEqual([chain, 'Finalize']);
  expect(upcoming(event('next'))).toEqual([chain, 'Finalize']);
  expect(upcoming(event('last'))).toEqual(['Finalize']);
});
