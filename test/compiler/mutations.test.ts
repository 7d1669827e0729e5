import { expect, test } from 'vitest';
import { checkMutations } from './mutations.ts';

test('150 mutated templates compile or are refused with a reason, and none makes the compiler throw', {
  timeout: 120_000,
}, () => {
  const { refused, compiled } = checkMutations(1, 150);
  expect(refused).toBeGreaterThan(80);
  expect(compiled).toBeGreaterThan(5);
});
