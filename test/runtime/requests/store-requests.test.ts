import { expect, test } from 'vitest';
import {
  type Dependencies,
  graphOf,
  layeredDependencies,
  randomDependencies,
  randomFrom,
} from '../../support/graphs.ts';
import { countRequests } from './request-counts.ts';

const chain: Dependencies = Array.from({ length: 47 }, (_, step) => (step === 0 ? [] : [step - 1]));
const layered = layeredDependencies(47, 8, 66, randomFrom(5));
const dense = randomDependencies(47, 0.3, randomFrom(3));
const complete: Dependencies = Array.from({ length: 30 }, (_, step) => [...Array(step).keys()]);

const perExecution = {
  'Prepare get execution': 1,
  'Prepare get leases': 1,
  'Prepare put leases': 1,
  'Prepare put execution': 1,
  'Prepare put index': 1,
  'Prepare put run': 1,
  'Finalize get leases': 2,
  'Finalize put end': 1,
  'Finalize put index': 1,
  'Finalize put leases': 1,
  'Finalize get history': 1,
  'Finalize put history': 1,
};

const perStep = (steps: number) => ({
  'Step get leases': steps,
  'Step put manifests': steps,
  'Step put outcomes': steps,
});

test('a step of a chain sends four requests, three of them after one another', async () => {
  const { by, rounds } = await countRequests(chain);
  expect(by).toEqual({ ...perExecution, ...perStep(47), 'Step get outcomes': 46, 'Finalize get outcomes': 1 });
  expect(rounds).toEqual(Array(47).fill(3));
});

test('a step sends one request with its events, and so do Prepare and Finalize', async () => {
  const { reports } = await countRequests([[], [0], [0], [1, 2]]);
  expect(reports).toEqual({
    Prepare: [['run.started']],
    Step: Array(4).fill(['step.started', 'step.completed']),
    Finalize: [['run.completed']],
  });
});

test.each([
  ['layers: 66 edges among 47 steps', layered, 61, 6],
  ['a dense graph: 317 edges among 47 steps', dense, 86, 7.5],
  ['a graph of all 435 edges among 30 steps', complete, 29, 4.5],
] as const)('%s: each step reads its last dependencies alone', async (_, dependencies, reduced, mostPerStep) => {
  const { by, requests, steps, rounds, waits, awaited } = await countRequests(dependencies);
  const {
    'Finalize get outcomes': ends,
    'Step get outcomes': reads = 0,
    'Wait get outcomes': looks = 0,
    ...others
  } = by;
  const tokens = waits > 0 ? { 'Step get waits': awaited, 'Wait put waits': waits } : {};
  expect(others).toEqual({ ...perExecution, ...perStep(steps), ...tokens });
  expect(ends).toBe(dependencies.filter((__, step) => !dependencies.some((own) => own.includes(step))).length);
  expect(graphOf(dependencies).reduced.flat()).toHaveLength(reduced);
  // A producer that finds a token looks at the other outcomes; a waiter looks at one outcome, and at the others when that is settled.
  expect(reads).toBeGreaterThanOrEqual(reduced);
  // Each of the others that a waiter awaits may look.
  expect(reads).toBeLessThanOrEqual(reduced + awaited);
  expect(looks).toBeGreaterThanOrEqual(waits);
  expect(looks).toBeLessThanOrEqual(awaited);
  expect(requests / steps).toBeLessThanOrEqual(mostPerStep);
  // Three after one another to commit; a producer then looks for tokens, and for other outcomes if there is one.
  expect(Math.max(...rounds)).toBeLessThanOrEqual(5);
});
