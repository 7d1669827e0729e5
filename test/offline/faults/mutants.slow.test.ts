import { describe, test } from 'vitest';
import { expectFound, mutants } from './mutants.ts';

describe('the fault bench finds it when', () => {
  test.each(mutants.map((mutant) => [mutant[0], mutant] as const))('%s', (_, mutant) => expectFound(mutant));
});
