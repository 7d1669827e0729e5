/** The size of a test in each tier: `npm test` takes the small one, `npm run test:all` the full one. Both must be able to fail for the same reasons. */
export function sized(small: number, full: number): number {
  return process.env.DAYBREAK_TESTS === 'all' ? full : small;
}

/** In the fast tier every n-th of a list, in the slow tier all. */
export function sampled<T>(list: readonly T[], n: number): readonly T[] {
  return list.filter((_, index) => index % sized(n, 1) === 0);
}
