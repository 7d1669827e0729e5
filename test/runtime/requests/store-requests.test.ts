import { expect, test } from 'vitest';
import { type Dependencies, layeredDependencies, randomDependencies, randomFrom } from '../../support/graphs.ts';
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
  'Prepare put run': 1,
  'Finalize get leases': 2,
  'Finalize put end': 1,
  'Finalize put leases': 1,
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

// Another choice of waits in the compiler changes the figures of graphs that wait.
test.each([
  [
    'layers: 66 edges and 14 waits among 47 steps',
    layered,
    5.91,
    { 'Step get outcomes': 66, 'Step get waits': 19, 'Wait put waits': 14, 'Wait get outcomes': 18 },
  ],
  [
    'a dense graph: 317 edges and 20 waits among 47 steps',
    dense,
    7.11,
    { 'Step get outcomes': 100, 'Step get waits': 32, 'Wait put waits': 20, 'Wait get outcomes': 28 },
  ],
  ['a graph of all 435 edges among 30 steps', complete, 4.3, { 'Step get outcomes': 29 }],
] as const)('%s: the requests are these', async (_, dependencies, perStepInAll, waits) => {
  const { by, requests, steps, rounds } = await countRequests(dependencies);
  const { 'Finalize get outcomes': ends, ...others } = by;
  expect(others).toEqual({ ...perExecution, ...perStep(steps), ...waits });
  const last = dependencies.filter((__, step) => !dependencies.some((own) => own.includes(step))).length;
  expect(ends).toBe(last);
  expect(requests / steps).toBeCloseTo(perStepInAll, 2);
  // Three after one another to commit; a producer then looks for tokens, and for other outcomes if there is one.
  expect(Math.max(...rounds)).toBeLessThanOrEqual(5);
});
