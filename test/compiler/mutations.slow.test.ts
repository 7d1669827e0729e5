import { expect, test } from 'vitest';
import { checkMutations } from './mutations.ts';

test('30,000 mutated templates compile or are refused with a reason, and none makes the compiler throw', {
  timeout: 3_600_000,
}, () => {
  const { refused, compiled } = checkMutations(1_000_000, 30_000);
  expect(refused).toBeGreaterThan(10_000);
  expect(compiled).toBeGreaterThan(1_000);
});
