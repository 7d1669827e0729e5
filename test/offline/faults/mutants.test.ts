import { expect, test } from 'vitest';
import { expectFound, mutants } from './mutants.ts';

const quick = mutants.filter(([defect]) => defect === 'a waiter does not look' || defect.startsWith('an effect'));

test('the fault bench finds a lost wake-up and a repeated effect', async () => {
  expect(quick).toHaveLength(2);
  for (const mutant of quick) await expectFound(mutant);
});
