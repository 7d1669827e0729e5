import { test } from 'vitest';

const all = process.env.DAYBREAK_TESTS === 'all';

/** The size of a test in each tier: `npm test` takes the small one, `npm run test:all` the full one. Both must be able to fail for the same reasons. */
export function sized(small: number, full: number): number {
  return all ? full : small;
}

/** In the fast tier every n-th of a list, in the slow tier all. */
export function sampled<T>(list: readonly T[], n: number): readonly T[] {
  return list.filter((_, index) => index % sized(n, 1) === 0);
}

const unregistered = Object.assign(() => undefined, { each: () => () => undefined }) as unknown as typeof test;

/** A test of the slow tier: the fast tier does not have it. */
export const slowTest: typeof test = all ? test : unregistered;
