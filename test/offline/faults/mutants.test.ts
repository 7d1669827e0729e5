import { expect, test } from 'vitest';
import { expectFound, mutants } from './mutants.ts';

/** One here, all in the slow tier. */
const quick = mutants.filter(([defect]) => defect.startsWith('an effect'));

test('the fault bench finds a repeated effect', async () => {
  expect(quick).toHaveLength(1);
  for (const mutant of quick) await expectFound(mutant);
});
