import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Exports of the package are its sources here; `dist` is only for users. */
const condition = 'daybreak-source';

export default defineConfig({
  ssr: {
    resolve: { conditions: [condition, 'node', 'development|production'], externalConditions: [condition] },
  },
  test: {
    include: ['test/**/*.test.ts'],
    // These only end tests that hang. A test that waits waits for a condition, so that it passes on a loaded machine too.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
    // The fast tier runs the sources as Node does, without a transform by Vite: a sixth less processor time.
    ...(process.env.DAYBREAK_TESTS !== 'all' && {
      experimental: { viteModuleRunner: false },
      execArgv: [`--conditions=${condition}`],
    }),
    // In the fast tier a worker loads each module once for all its files: a test must not leave anything behind in globals or in the environment. Tests of the
    // slow tier fill memories, so each file has its own process.
    isolate: process.env.DAYBREAK_TESTS === 'all',
    setupFiles: process.env.DAYBREAK_TESTS === 'all' ? [] : ['test/support/open-engine-first.ts'],
    // Many tests start real processes; see bin/launch.js.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compile', import.meta.url)) },
    // Vitest would leave a core idle; on two cores that doubles the time.
    maxWorkers: Math.max(2, availableParallelism()),
    // The counts for the last line of .ci/run.
    ...(process.env.CI && { reporters: ['default', 'json'], outputFile: { json: 'coverage/test-results.json' } }),
  },
});
