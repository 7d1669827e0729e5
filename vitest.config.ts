import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // The counts for the last line of .ci/run.
    ...(process.env.CI && { reporters: ['default', 'json'], outputFile: { json: 'coverage/test-results.json' } }),
  },
});
